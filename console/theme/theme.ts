import { signal } from '@preact/signals';

const key = 'tenantry.theme';

/** What the console looks like: as the device does, or as the person has chosen. */
export type Theme = 'system' | 'light' | 'dark';

const kept = localStorage.getItem(key);

/** The present choice. */
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');

/** Shows the console so from now on. */
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  localStorage.setItem(key, chosen);
  applyTheme();
}

/** Tells the styles. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}
