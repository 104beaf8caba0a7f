/** What the colours of the map mean. */
import type { Classes } from './classes.js';
import { el } from './dom.js';

/** The classes that occur, each with its colour and pattern. */
export function legend(classes: Classes): HTMLElement {
  const items = classes.present().map(({ title, variable, pattern }) => {
    const swatch = el('span', { class: `swatch ${pattern}`, 'aria-hidden': 'true' });
    swatch.style.setProperty('--fill', `var(${variable})`);
    return el('li', {}, swatch, title);
  });
  return el('ul', { class: 'legend', 'aria-label': 'Colours of the map' }, ...items);
}
