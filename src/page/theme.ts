/** Light or dark: as the system has it, until the button says otherwise. */
import { button } from './dom.js';
import type { Store } from './store.js';

/** A button that changes to the other colours. */
export function themeButton(store: Store): HTMLElement {
  const toggle = button('', () => store.set({ theme: isDark(store) ? 'light' : 'dark' }), { class: 'theme' });
  const follow = (): void => {
    const { theme } = store.state;
    if (theme !== '') document.documentElement.style.colorScheme = theme;
    toggle.textContent = isDark(store) ? 'Light colours' : 'Dark colours';
  };
  // First, so that the other views find the colours changed.
  store.subscribe((state, before) => {
    if (state.theme !== before.theme) follow();
  });
  system.addEventListener('change', follow);
  follow();
  return toggle;
}

const system = matchMedia('(prefers-color-scheme: dark)');

function isDark({ state: { theme } }: Store): boolean {
  return theme === '' ? system.matches : theme === 'dark';
}
