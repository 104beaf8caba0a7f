/** Elements made without markup: what comes from a file enters a page as text and nothing else. */

/** What an element may contain; nothing is made of undefined. */
export type Child = Node | string | undefined;
/** Attributes; a function listens to the event that its name says after `on`. True is an empty attribute, undefined none. */
export interface Attributes {
  readonly [name: string]: string | number | boolean | undefined | ((event: never) => void);
}

/** An element with attributes and content. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Text from a file: its direction stays its own. */
export function own(text: string): HTMLElement {
  return el('bdi', {}, text);
}

/** A button that does something. */
export function button(label: Child, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return el('button', { type: 'button', onclick: press, ...attributes }, label);
}

/** A section with its heading. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  return el('section', { id, 'aria-labelledby': `${id}-title` }, el('h2', { id: `${id}-title` }, title), ...children);
}

/** Names and values, one pair a line; a pair without a value is left out. */
export function pairs(...list: readonly (readonly [name: string, value: Child])[]): HTMLElement {
  const shown = list.filter(([, value]) => value !== undefined);
  return el('dl', {}, ...shown.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

/** A choice out of some. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  choose: (value: string) => void,
): HTMLElement {
  const select = el('select', { onchange: () => choose(select.value) });
  select.append(...options.map(([value, text]) => el('option', { value }, text)));
  return el('label', { class: 'field' }, el('span', {}, label), select);
}
