/** WCAG's contrast of text for anybody. */
const contrastMin = 4.5;

/** What text in the colour lies on, where it is hardest to read, by theme: `--hover` of `styles/tokens.css`. */
const grounds = { light: '#eef1f6', dark: '#222b38' } as const;

/** `--surface`, of which `--brand-soft` is made with this share of the colour. */
const surfaces = { light: '#ffffff', dark: '#1d2530' } as const;
const softShare = 0.11;

type Rgb = readonly [number, number, number];

/** Whether a text is a colour as `#rrggbb`. */
export function isColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/**
 * Shows the console in an organization's colour, or in its own. Where text in that colour could not be read it is made
 * darker, on dark grounds lighter, until it can.
 * @param color as `#rrggbb`
 */
export function applyBrand(color: string | undefined): void {
  const { style } = document.documentElement;
  if (color === undefined || !isColor(color)) {
    for (const name of ['--brand-light', '--brand-dark', '--on-brand-light', '--on-brand-dark'])
      style.removeProperty(name);
    return;
  }
  for (const theme of ['light', 'dark'] as const) {
    const readable = toReadable(toRgb(color), theme);
    const onBrand = contrast(readable, [255, 255, 255]) >= contrastMin ? '#ffffff' : '#0b0f16';
    style.setProperty(`--brand-${theme}`, `rgb(${readable.join(' ')})`);
    style.setProperty(`--on-brand-${theme}`, onBrand);
  }
}

function toReadable(color: Rgb, theme: 'light' | 'dark'): Rgb {
  const towards: Rgb = theme === 'light' ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.04) {
    const candidate = mixed(color, towards, share);
    const soft = mixed(toRgb(surfaces[theme]), candidate, softShare);
    if ([toRgb(grounds[theme]), soft].every((ground) => contrast(candidate, ground) >= contrastMin)) return candidate;
  }
  return towards;
}

function mixed([red, green, blue]: Rgb, other: Rgb, share: number): Rgb {
  const part = (one: number, at: 0 | 1 | 2) => Math.round(one + (other[at] - one) * share);
  return [part(red, 0), part(green, 1), part(blue, 2)];
}

function toRgb(hex: string): Rgb {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: Rgb, other: Rgb): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
