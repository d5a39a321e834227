import './styles/main.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { resumeSession, session } from './session/session.ts';
import { applyTheme } from './theme/theme.ts';

applyTheme();
resumeSession().catch(() => {
  // The API cannot be reached; the sign-in page will say so.
  session.value = null;
});

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
