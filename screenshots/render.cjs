// Draws what a program wrote to its terminal as a PNG: xterm.js in headless Chromium.
//
//   node render.cjs RECORDING COLUMNSxROWS dark|light PICTURE.png
const fs = require('fs');
const { chromium } = require('playwright-core');

const [recording, size, background, picture] = process.argv.slice(2);
const [cols, rows] = size.split('x').map(Number);

const themes = {
  dark: {
    background: '#11151c', foreground: '#d5dae2', cursor: '#d5dae2',
    black: '#1b212b', red: '#f4707b', green: '#7fd18b', yellow: '#e8c268',
    blue: '#6cb2f5', magenta: '#c792ea', cyan: '#5fd0d3', white: '#c6ccd6',
    brightBlack: '#697487', brightRed: '#ff8f98', brightGreen: '#9fe6a8', brightYellow: '#f7d98b',
    brightBlue: '#93c9ff', brightMagenta: '#ddb3f8', brightCyan: '#8ae8ea', brightWhite: '#ffffff',
  },
  light: {
    background: '#ffffff', foreground: '#24292f', cursor: '#24292f',
    black: '#24292f', red: '#c0262d', green: '#1a7f37', yellow: '#8a6100',
    blue: '#0a58c2', magenta: '#8250df', cyan: '#1b7c83', white: '#c4c9d0',
    brightBlack: '#57606a', brightRed: '#a40e26', brightGreen: '#2da44e', brightYellow: '#633c01',
    brightBlue: '#218bff', brightMagenta: '#a475f9', brightCyan: '#3192aa', brightWhite: '#8c959f',
  },
};

// Runs in the page. Resolves once every byte is parsed and drawn.
async function draw({ cols, rows, theme, bytes }) {
  const fontFamily = '"JetBrains Mono", "DejaVu Sans Mono", monospace';
  await Promise.all(['', 'bold ', 'italic '].map((style) => document.fonts.load(`${style}15px ${fontFamily}`)));
  const terminal = new Terminal({
    cols, rows, theme, fontFamily, fontSize: 15, lineHeight: 1.15,
    allowProposedApi: true, cursorBlink: false, scrollback: 0,
  });
  terminal.loadAddon(new Unicode11Addon.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.open(document.getElementById('terminal'));
  terminal.loadAddon(new WebglAddon.WebglAddon(true));
  const data = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
  await new Promise((done) => terminal.write(data, done));
  await new Promise((done) => {
    terminal.onRender(() => requestAnimationFrame(() => requestAnimationFrame(done)));
    terminal.refresh(0, rows - 1);
  });
}

async function main() {
  const theme = themes[background];
  if (!theme || !cols || !rows) throw new Error('usage: render.cjs RECORDING COLUMNSxROWS dark|light PICTURE.png');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader', '--force-device-scale-factor=2',
      `--window-size=${cols * 12 + 100},${rows * 24 + 200}`],
  });
  try {
    // The scale is the browser's own: WebGL does not see the one that Playwright emulates.
    const page = await browser.newPage({ viewport: null });
    page.on('pageerror', (error) => console.error(String(error)));
    await page.setContent(`<!doctype html><style>
      body { margin: 0; background: transparent }
      #frame { display: inline-block; padding: 12px 14px; border-radius: 10px;
        background: ${theme.background}; border: 1px solid ${theme.brightBlack}55 }
      .xterm-viewport { overflow: hidden !important }
      </style><div id=frame><div id=terminal></div></div>`);
    await page.addStyleTag({ path: require.resolve('@xterm/xterm/css/xterm.css') });
    for (const name of ['@xterm/xterm', '@xterm/addon-webgl', '@xterm/addon-unicode11'])
      await page.addScriptTag({ path: require.resolve(name) });
    const bytes = fs.readFileSync(recording).toString('base64');
    await page.evaluate(draw, { cols, rows, theme, bytes });
    await page.locator('#frame').screenshot({ path: picture, omitBackground: true });
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(`render: ${error.message}`);
  process.exit(1);
});
