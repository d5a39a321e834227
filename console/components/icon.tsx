/** Drawn on 24 by 24, in the colour of the text. */
const paths = {
  overview: 'M4 13h6V4H4zm10 7h6v-9h-6zM4 20h6v-4H4zM14 4v4h6V4z',
  members:
    'M16 19v-1a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4v1M9.5 10.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5M21 19v-1a4 4 0 0 0-3-3.87M15.5 4.13a3.25 3.25 0 0 1 0 6.24',
  invitations: 'M4 6h16v12H4zM4 7l8 6 8-6',
  keys: 'M14.5 9.5a4.5 4.5 0 1 1-4.24-4.49M10.5 12.5 20 3M17 6l2.5 2.5',
  log: 'M5 6h14M5 12h14M5 18h9',
  audit: 'M12 7v5l3 2M12 20a8 8 0 1 0-7.75-6M4 9.5V14h4.5',
  customizations:
    'M12 20a8 8 0 1 1 8-8c0 2-1.5 3-3 3h-2a2 2 0 0 0-1.5 3.3c.5.6.2 1.7-1.5 1.7M8 11h.01M11 8h.01M15.5 9h.01',
  wallet: 'M4 7h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zm0 0 11-3v3M16 13h.01',
  settings: 'M4 8h9M17 8h3M4 16h3M11 16h9M15 6v4M9 14v4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  moon: 'M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5',
  device: 'M4 5h16v11H4zM9 20h6M12 16v4',
  chooser: 'M8 9l4-4 4 4M8 15l4 4 4-4',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  next: 'M9 5l7 7-7 7',
} as const;

export type IconName = keyof typeof paths;

/** Decoration: what it stands for is said beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" aria-hidden="true">
      <path d={paths[name]} stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
