// The trade page's chart: candles, levels of which some can be drawn, and studies in panes of their own. It keeps to
// plain values at its border, as chart.js does, whose helpers it shares.
import { colors, prices, unpack } from '/chart.js';

const ENGINE = '/vendor/lightweight-charts.mjs';
const REACH = 8; // pixels around a level in which it is taken hold of
const TOUCH_REACH = 22;
const TICK = 0.5;
const NEAR = 0.04; // levels within this share of the price are kept in view; the others are a scroll away

export function create(container, dragged) {
  const wanted = { bars: new Float64Array(), levels: [], studies: [] };
  let drawn = null;
  let isGone = false;

  import(ENGINE).then(
    (engine) => {
      if (isGone) return;
      drawn = draw(engine, container, wanted, dragged);
      container.dataset.ready = 'true';
    },
    () => { container.dataset.failed = 'true'; },
  );

  return {
    setBars(flat) { wanted.bars = flat; drawn?.bars(); },
    update(at, open, high, low, close) { drawn?.update({ time: at, open, high, low, close }); },
    setLevels(json) { wanted.levels = JSON.parse(json); drawn?.levels(); },
    setStudies(json) { wanted.studies = JSON.parse(json); drawn?.studies(); },
    theme() { drawn?.theme(); },
    dispose() { isGone = true; drawn?.remove(); drawn = null; },
  };
}

function draw(engine, container, wanted, dragged) {
  const chart = engine.createChart(container, {
    autoSize: true,
    localization: { priceFormatter: (price) => prices().format(price) },
    layout: {
      attributionLogo: false, fontFamily: 'ui-sans-serif, system-ui, sans-serif', fontSize: 11,
      panes: { enableResize: true },
    },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.1, bottom: 0.08 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 6, minBarSpacing: 1 },
    crosshair: { mode: engine.CrosshairMode.Normal },
    handleScroll: { vertTouchDrag: false },
  });
  let last = 0;
  let newest = 0;
  let lines = [];
  let curves = new Map();
  let held = null;
  const series = chart.addSeries(engine.CandlestickSeries, {
    priceFormat: { type: 'price', precision: 1, minMove: TICK },
    autoscaleInfoProvider: (original) => withLevels(original(), wanted.levels, last),
  });

  const self = {
    bars() {
      const bars = unpack(wanted.bars);
      last = bars.at(-1)?.close ?? 0;
      newest = bars.at(-1)?.time ?? 0;
      series.setData(bars);
      const shown = Math.max(36, Math.floor(container.clientWidth / 9));
      chart.timeScale().setVisibleLogicalRange({ from: bars.length - shown, to: bars.length + 6 });
    },
    update(bar) {
      if (bar.time < newest) return;
      [newest, last] = [bar.time, bar.close];
      series.update(bar);
    },
    levels() {
      if (held) return;
      for (const { line } of lines) series.removePriceLine(line);
      const color = colors();
      lines = wanted.levels.map((level) => ({ level, line: series.createPriceLine(look(engine, color, level)) }));
      // The scale takes the new levels in.
      series.applyOptions({});
    },
    studies() {
      const kinds = wanted.studies.map((curve) => curve.kind).join();
      if (kinds !== [...curves.keys()].join()) self.rebuild();
      const color = colors();
      for (const { kind, points } of wanted.studies) {
        curves.get(kind)?.setData(points.map(([time, value]) => ({ time, value, ...tint(kind, color) })));
      }
    },
    rebuild() {
      for (const curve of curves.values()) chart.removeSeries(curve);
      curves = new Map();
      const color = colors();
      let pane = 0;
      for (const { kind } of wanted.studies) {
        const own = kind === 'volume' || kind === 'rsi';
        if (own) pane += 1;
        const type = kind === 'volume' ? engine.HistogramSeries : engine.LineSeries;
        curves.set(kind, chart.addSeries(type, style(engine, color, kind), own ? pane : 0));
      }
      const panes = chart.panes();
      panes.forEach((each, at) => each.setStretchFactor(at === 0 ? 5 : 1.25));
      const strength = curves.get('rsi');
      for (const price of strength ? [30, 70] : []) {
        strength.createPriceLine({ price, color: color.muted, lineWidth: 1, lineStyle: engine.LineStyle.Dotted, axisLabelVisible: false });
      }
    },
    theme() {
      const color = colors();
      chart.applyOptions({
        layout: {
          background: { type: engine.ColorType.Solid, color: 'transparent' }, textColor: color.muted,
          panes: { separatorColor: color.grid, separatorHoverColor: color.label },
        },
        grid: { vertLines: { color: color.grid }, horzLines: { color: color.grid } },
        crosshair: {
          vertLine: { color: color.muted, labelBackgroundColor: color.label },
          horzLine: { color: color.muted, labelBackgroundColor: color.label },
        },
      });
      series.applyOptions({
        upColor: color.up, borderUpColor: color.up, wickUpColor: color.up,
        downColor: color.down, borderDownColor: color.down, wickDownColor: color.down,
        priceLineColor: color.muted,
      });
      self.levels();
      self.rebuild();
      self.studies();
    },
    remove() {
      for (const [name, listener] of listeners) container.removeEventListener(name, listener, true);
      chart.remove();
    },
  };

  // ---- a stop-loss or a take-profit is drawn to another price

  const yOf = (event) => event.clientY - container.getBoundingClientRect().top;
  const near = (y, reach) => lines
    .filter(({ level }) => level.drag)
    .map((each) => ({ ...each, away: Math.abs((series.priceToCoordinate(each.level.price) ?? -999) - y) }))
    .filter(({ away }) => away <= reach)
    .sort((one, other) => one.away - other.away)[0];
  const reachOf = (event) => (event.pointerType === 'touch' ? TOUCH_REACH : REACH);
  const priceAt = (y) => Math.max(TICK, Math.round((series.coordinateToPrice(y) ?? 0) / TICK) * TICK);

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

  function letGo(isMeant) {
    if (!held) return;
    const { level, price } = held;
    held = null;
    chart.applyOptions({ handleScroll: { vertTouchDrag: false, mouseWheel: true, pressedMouseMove: true, horzTouchDrag: true }, handleScale: true });
    if (isMeant && price !== level.price) dragged(level.drag, price);
    else self.levels();
  }

  self.theme();
  self.bars();
  return self;
}

function withLevels(info, levels, last) {
  if (!info || !last) return info;
  for (const { price, draft } of levels) {
    if (draft || Math.abs(price - last) > last * NEAR) continue;
    info.priceRange.minValue = Math.min(info.priceRange.minValue, price);
    info.priceRange.maxValue = Math.max(info.priceRange.maxValue, price);
  }
  return info;
}

function look(engine, color, level) {
  const of = { entry: color.entry, liquidation: color.liquidation, guard: color.guard, stop_loss: color.stop, take_profit: color.target };
  const solid = level.kind === 'liquidation' || level.drag;
  return {
    price: level.price,
    title: level.drag ? `\u2195 ${level.title}` : level.title,
    color: of[level.kind],
    axisLabelTextColor: color.onLine,
    lineWidth: level.draft || level.kind === 'entry' ? 1 : 2,
    lineStyle: level.draft ? engine.LineStyle.Dotted : solid ? engine.LineStyle.Solid : engine.LineStyle.Dashed,
    axisLabelVisible: !level.draft || level.kind === 'liquidation',
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

function tint(kind, color) {
  return kind === 'volume' ? { color: color.label } : {};
}
