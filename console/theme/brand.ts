/** WCAG's contrast of text for anybody. */
const contrastMin = 4.5;

/** What text lies on, lightest and darkest, by theme; as in `styles/tokens.css`. */
const grounds = { light: '#eef1f6', dark: '#1b222d' } as const;

type Rgb = readonly [number, number, number];

/**
 * Shows the console in an organization's colour, or in its own. Where text in that colour could not be read it is made
 * darker, on dark grounds lighter, until it can.
 * @param color as `#rrggbb`
 */
export function applyBrand(color: string | undefined): void {
  const { style } = document.documentElement;
  if (color === undefined || !/^#[0-9a-f]{6}$/i.test(color)) {
    for (const name of ['--brand-light', '--brand-dark', '--on-brand-light', '--on-brand-dark'])
      style.removeProperty(name);
    return;
  }
  for (const theme of ['light', 'dark'] as const) {
    const readable = toReadable(toRgb(color), toRgb(grounds[theme]), theme === 'light' ? [0, 0, 0] : [255, 255, 255]);
    const onBrand = contrast(readable, [255, 255, 255]) >= contrastMin ? '#ffffff' : '#0b0f16';
    style.setProperty(`--brand-${theme}`, `rgb(${readable.join(' ')})`);
    style.setProperty(`--on-brand-${theme}`, onBrand);
  }
}

function toReadable(color: Rgb, ground: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = color.map((part, at) => Math.round(part + ((towards[at] ?? 0) - part) * share)) as unknown as Rgb;
    if (contrast(mixed, ground) >= contrastMin) return mixed;
  }
  return towards;
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
