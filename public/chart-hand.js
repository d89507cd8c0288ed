// What only the trade page's chart does: levels that are drawn to another price, and studies in panes of their own.

const REACH = 8; // pixels around a level in which it is taken hold of
const TOUCH_REACH = 22;

/** A stop-loss or a take-profit is drawn to another price; `dragged` hears where it was let go. */
export function dragging({ chart, container, series, tick, lines, dragged, putBack }) {
  let held = null;
  const yOf = (event) => event.clientY - container.getBoundingClientRect().top;
  const near = (y, reach) => lines()
    .filter(({ canDrag }) => canDrag)
    .map((each) => ({ ...each, away: Math.abs((series.priceToCoordinate(each.level.price) ?? -999) - y) }))
    .filter(({ away }) => away <= reach)
    .sort((one, other) => one.away - other.away)[0];
  const reachOf = (event) => (event.pointerType === 'touch' ? TOUCH_REACH : REACH);
  const priceAt = (y) => Math.max(tick, Math.round((series.coordinateToPrice(y) ?? 0) / tick) * tick);

  const letGo = (isMeant) => {
    if (!held) return;
    const { level, price } = held;
    held = null;
    chart.applyOptions({ handleScroll: { vertTouchDrag: false, mouseWheel: true, pressedMouseMove: true, horzTouchDrag: true }, handleScale: true });
    if (isMeant && price !== level.price) dragged(level.drag, price);
    else putBack();
  };
  const listeners = [
    ['pointerdown', (event) => {
      const found = event.isPrimary && near(yOf(event), reachOf(event));
      if (!found) return;
      held = { ...found, price: found.level.price };
      chart.applyOptions({ handleScroll: false, handleScale: false });
      container.setPointerCapture(event.pointerId);
      event.preventDefault();
    }],
    ['pointermove', (event) => {
      if (!held) {
        container.classList.toggle('can-draw', Boolean(near(yOf(event), REACH)));
        return;
      }
      held.price = priceAt(yOf(event));
      held.line.applyOptions({ price: held.price });
    }],
    ['pointerup', () => letGo(true)],
    ['pointercancel', () => letGo(false)],
    // Else the finger would move the page.
    ['touchstart', (event) => {
      if (event.touches.length === 1 && near(yOf(event.touches[0]), TOUCH_REACH)) event.preventDefault();
    }],
  ];
  for (const [name, listener] of listeners) container.addEventListener(name, listener, { capture: true, passive: false });
  return {
    isHeld: () => held !== null,
    remove() {
      for (const [name, listener] of listeners) container.removeEventListener(name, listener, true);
    },
  };
}

/** Curves over the bars or in panes below them; what they are is known by their kind. */
export function studies(engine, chart) {
  let curves = new Map();

  const build = (wanted, color) => {
    let pane = 0;
    for (const { kind } of wanted) {
      const isOwn = kind === 'volume' || kind === 'rsi';
      if (isOwn) pane += 1;
      const type = kind === 'volume' ? engine.HistogramSeries : engine.LineSeries;
      curves.set(kind, chart.addSeries(type, style(engine, color, kind), isOwn ? pane : 0));
    }
    for (const [at, each] of chart.panes().entries()) each.setStretchFactor(at === 0 ? 5 : 1.25);
    const strength = curves.get('rsi');
    for (const price of strength ? [30, 70] : []) {
      strength.createPriceLine({ price, color: color.muted, lineWidth: 1, lineStyle: engine.LineStyle.Dotted, axisLabelVisible: false });
    }
  };
  const forget = () => {
    for (const curve of curves.values()) chart.removeSeries(curve);
    curves = new Map();
  };
  return {
    show(wanted, color) {
      if (wanted.map((curve) => curve.kind).join() !== [...curves.keys()].join()) {
        forget();
        build(wanted, color);
      }
      for (const { kind, points } of wanted) curves.get(kind).setData(points.map(([time, value]) => ({ time, value })));
    },
    /** The next time all is built anew, with the colours of then. */
    forget,
  };
}

function style(engine, color, kind) {
  const line = (tone, more = {}) => ({
    color: tone, lineWidth: 1, lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false, ...more,
  });
  switch (kind) {
    case 'volume':
      return { color: color.label, priceFormat: { type: 'volume' }, lastValueVisible: false, priceLineVisible: false };
    case 'ema_fast': return line(color.info, { lineWidth: 2 });
    case 'ema_slow': return line(color.warn, { lineWidth: 2 });
    case 'band_middle': return line(color.muted, { lineStyle: engine.LineStyle.Dotted });
    case 'rsi': return line(color.guard, { lineWidth: 2, lastValueVisible: true });
    default: return line(color.muted);
  }
}
