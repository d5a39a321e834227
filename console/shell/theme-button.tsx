import { Icon, type IconName } from '../components/icon.tsx';
import { chooseTheme, type Theme, theme } from '../theme/theme.ts';

const choices: Readonly<Record<Theme, { next: Theme; label: string; icon: IconName }>> = {
  system: { next: 'light', label: 'Colours: as the device', icon: 'device' },
  light: { next: 'dark', label: 'Colours: light', icon: 'sun' },
  dark: { next: 'system', label: 'Colours: dark', icon: 'moon' },
};

/** Goes through the themes. */
export function ThemeButton() {
  const { next, label, icon } = choices[theme.value];
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={() => chooseTheme(next)}>
      <Icon name={icon} />
    </button>
  );
}
