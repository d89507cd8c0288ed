// The live charts: candles, lines at prices that matter, and the guard's deeds. It keeps to plain values at its border,
// so that the side that speaks Rust needs to know nothing about the drawing library. What is told before the library has
// arrived is kept and drawn then. What only the trade page shows is in chart-hand.js, which comes when it is wanted.

const ENGINE = '/vendor/lightweight-charts.mjs';
const TICK = 0.5;

/** With `dragged` to call, levels can be dragged and studies be shown. */
export function create(container, dragged) {
  const wanted = { bars: new Float64Array(), levels: [], markers: [], studies: [], dragged };
  let drawn = null;
  let isGone = false;

  Promise.all([import(ENGINE), dragged && import('/chart-hand.js')]).then(
    ([engine, hand]) => {
      if (isGone) return;
      drawn = draw(engine, container, wanted, hand);
      container.dataset.ready = 'true';
    },
    () => { container.dataset.failed = 'true'; },
  );

  return {
    setBars(flat) { wanted.bars = flat; drawn?.bars(); },
    update(at, open, high, low, close) { drawn?.update({ time: at, open, high, low, close }); },
    lay(layer, json) { wanted[layer] = JSON.parse(json); drawn?.[layer]?.(); },
    theme() { drawn?.theme(); },
    dispose() { isGone = true; drawn?.remove(); drawn = null; },
  };
}

function draw(engine, container, wanted, hand) {
  const chart = engine.createChart(container, {
    autoSize: true,
    localization: { priceFormatter: (price) => prices().format(price) },
    layout: {
      attributionLogo: false, fontFamily: 'ui-sans-serif, system-ui, sans-serif', fontSize: 11,
      panes: { enableResize: true },
    },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.08 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 6, minBarSpacing: 1 },
    crosshair: { mode: engine.CrosshairMode.Normal },
    handleScroll: { vertTouchDrag: false },
  });
  let lines = [];
  let last = 0;
  let times = [];
  const series = chart.addSeries(engine.CandlestickSeries, {
    priceFormat: { type: 'price', precision: 1, minMove: TICK },
    autoscaleInfoProvider: (original) => withLevels(original(), wanted.levels, last, hand ? 0.04 : 0.12),
  });
  const markers = engine.createSeriesMarkers(series, [], { zOrder: 'top' });
  const counted = (what) => { container.dataset[what] = String(wanted[what].length); };
  const studies = hand?.studies(engine, chart);

  const self = {
    bars() {
      const bars = unpack(wanted.bars);
      times = bars.map((bar) => bar.time);
      last = bars.at(-1)?.close ?? 0;
      series.setData(bars);
      const shown = Math.max(40, Math.floor(container.clientWidth / 9));
      chart.timeScale().setVisibleLogicalRange({ from: bars.length - shown, to: bars.length + 6 });
      self.markers();
    },
    update(bar) {
      if (bar.time < times.at(-1)) return;
      const isNew = bar.time !== times.at(-1);
      if (isNew) times.push(bar.time);
      last = bar.close;
      series.update(bar);
      if (isNew) self.markers();
    },
    levels() {
      if (dragging?.isHeld()) return;
      for (const { line } of lines) series.removePriceLine(line);
      const color = colors();
      lines = wanted.levels.map((level) => {
        const canDrag = Boolean(hand && level.drag);
        return { level, canDrag, line: series.createPriceLine(look(engine, color, level, canDrag)) };
      });
      // The scale takes the new levels in.
      series.applyOptions({});
      counted('levels');
    },
    markers() {
      const color = colors();
      const known = new Set(times);
      markers.setMarkers(wanted.markers.filter((marker) => known.has(marker.time)).map((marker) => ({
        time: marker.time,
        position: marker.above ? 'aboveBar' : 'belowBar',
        shape: marker.above ? 'arrowDown' : 'arrowUp',
        color: color.guard,
        text: marker.text,
        size: 2,
      })));
      counted('markers');
    },
    studies() {
      studies?.show(wanted.studies, colors());
      counted('studies');
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
      self.markers();
      studies?.forget();
      self.studies();
    },
    remove() {
      dragging?.remove();
      chart.remove();
    },
  };
  const dragging = hand?.dragging({
    chart, container, series, tick: TICK, lines: () => lines, dragged: wanted.dragged, putBack: () => self.levels(),
  });
  self.theme();
  self.bars();
  return self;
}

/** Prices as the page's language writes them. */
function prices() {
  const { lang } = document.documentElement;
  if (formatter?.lang !== lang) {
    const format = new Intl.NumberFormat(lang || 'en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    formatter = { lang, format: (price) => format.format(price) };
  }
  return formatter;
}

let formatter = null;

function unpack(flat) {
  const bars = [];
  for (let at = 0; at + 4 < flat.length; at += 5) {
    bars.push({ time: flat[at], open: flat[at + 1], high: flat[at + 2], low: flat[at + 3], close: flat[at + 4] });
  }
  return bars;
}

/** Levels within a share `near` of the price are kept in view; the others are a scroll away. */
function withLevels(info, levels, last, near) {
  if (!info || !last) return info;
  for (const { price, draft } of levels) {
    if (draft || Math.abs(price - last) > last * near) continue;
    info.priceRange.minValue = Math.min(info.priceRange.minValue, price);
    info.priceRange.maxValue = Math.max(info.priceRange.maxValue, price);
  }
  return info;
}

function look(engine, color, level, canDrag) {
  const of = { entry: color.entry, liquidation: color.liquidation, guard: color.guard, stop_loss: color.stop, take_profit: color.target };
  const isSolid = level.kind === 'liquidation' || canDrag;
  return {
    price: level.price,
    title: canDrag ? `\u2195 ${level.title}` : level.title,
    color: of[level.kind],
    axisLabelTextColor: color.onLine,
    lineWidth: level.draft || level.kind === 'entry' ? 1 : 2,
    lineStyle: level.draft ? engine.LineStyle.Dotted : isSolid ? engine.LineStyle.Solid : engine.LineStyle.Dashed,
    axisLabelVisible: !level.draft || level.kind === 'liquidation',
  };
}

function colors() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    up: of('up'), down: of('down'), muted: of('chart-text'), grid: of('chart-grid'), label: of('chart-label'),
    entry: of('chart-entry'), liquidation: of('danger'), guard: of('accent'), onLine: of('on-line'),
    stop: of('bad'), target: of('good'), info: of('info'), warn: of('warn'),
  };
}
