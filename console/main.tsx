import './styles/main.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { resumeSession } from './session/session.ts';
import { applyTheme } from './theme/theme.ts';

applyTheme();
void resumeSession();

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
