/** Of the register of panels. */
export const INSTRUMENT = 'instrument';
