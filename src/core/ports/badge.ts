/** What the system shows of the app outside its windows: a tray, a dock. A shell that has neither shows nothing. */
export interface Badge {
  /** `active`: signals of fresh values. */
  show(active: number): void;
}

export const noBadge: Badge = { show: () => undefined };
