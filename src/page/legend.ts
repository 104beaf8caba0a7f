/** What colours and patterns mean. */
import type { PartClass } from './classes.js';
import { el } from './dom.js';

/** Classes, each with its colour and pattern. */
export function legend(label: string, classes: readonly PartClass[]): HTMLElement {
  const items = classes.map(({ title, variable, pattern }) => {
    const swatch = el('span', { class: `swatch ${pattern}`, 'aria-hidden': 'true' });
    swatch.style.setProperty('--fill', `var(${variable})`);
    return el('li', {}, swatch, title);
  });
  return el('ul', { class: 'legend', 'aria-label': label }, ...items);
}
