import { hidesSome, visibleLine } from '#domain/shown-text.ts';

/** What of an element is read or heard beside its text. */
const TOLD = ['title', 'aria-label', 'aria-description', 'placeholder', 'label', 'alt'] as const;
const TELLING = TOLD.map((name) => `[${name}]`).join(',');

function showText(node: Node): void {
  if (node.nodeValue !== null && hidesSome(node.nodeValue)) node.nodeValue = visibleLine(node.nodeValue);
}

function showTold(element: Element): void {
  for (const name of TOLD) {
    const told = element.getAttribute(name);
    if (told !== null && hidesSome(told)) element.setAttribute(name, visibleLine(told));
  }
}

function showAll(root: Node): void {
  if (root.nodeType === Node.TEXT_NODE) showText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const element = root as Element;
  // As one text first: of a thousand cells none hides anything.
  if (hidesSome(element.textContent)) {
    const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() !== null) showText(texts.currentNode);
  }
  showTold(element);
  for (const one of element.querySelectorAll(TELLING)) showTold(one);
}

/**
 * Names and sentences come from venues, files and persons. What in them cannot be seen, or turns the direction of what follows, is shown as
 * `\u....` wherever it stands on the page, before the page is drawn: here alone, so that no part of the terminal has to think of it. Fields
 * that are typed into hold their text as it is.
 */
export function showUnseen(page: Document): void {
  const watch = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'characterData') showText(target);
      else if (type === 'attributes') showTold(target as Element);
      else for (const node of addedNodes) showAll(node);
    }
  });
  watch.observe(page, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...TOLD] });
}
