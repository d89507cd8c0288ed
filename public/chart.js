// Draws candles, price lines and markers with Lightweight Charts, and keeps to plain values at its border: numbers in
// a flat array, lines and markers as JSON. What is set before the library has loaded is kept and drawn then.

const ENGINE = '/vendor/lightweight-charts.mjs';
const NEAR = 0.12; // lines within this share of the price are kept in view

export function create(container) {
  const wanted = { bars: new Float64Array(), lines: [], markers: [], label: '' };
  let drawn = null;
  let isGone = false;

  import(ENGINE).then(
    (engine) => {
      if (isGone) return;
      drawn = draw(engine, container, wanted);
      container.dataset.ready = 'true';
    },
    () => { container.dataset.failed = 'true'; },
  );

  return {
    setBars(flat) { wanted.bars = flat; drawn?.bars(); },
    update(at, open, high, low, close) { drawn?.update({ time: at, open, high, low, close }); },
    setLines(json) { wanted.lines = JSON.parse(json); drawn?.lines(); },
    setMarkers(json) { wanted.markers = JSON.parse(json); drawn?.markers(); },
    theme() { drawn?.theme(); },
    dispose() { isGone = true; drawn?.remove(); drawn = null; },
  };
}

function draw(engine, container, wanted) {
  const chart = engine.createChart(container, {
    autoSize: true,
    localization: { priceFormatter: (price) => prices().format(price) },
    layout: { attributionLogo: false, fontFamily: 'ui-sans-serif, system-ui, sans-serif', fontSize: 11 },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.08 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 6, minBarSpacing: 1 },
    crosshair: { mode: engine.CrosshairMode.Normal },
    handleScroll: { vertTouchDrag: false },
  });
  let priceLines = [];
  let last = 0;
  let times = [];
  const series = chart.addSeries(engine.CandlestickSeries, {
    priceFormat: { type: 'price', precision: 1, minMove: 0.5 },
    autoscaleInfoProvider: (original) => withLines(original(), wanted.lines, last),
  });
  const markers = engine.createSeriesMarkers(series, [], { zOrder: 'top' });

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
    lines() {
      for (const line of priceLines) series.removePriceLine(line);
      const color = colors();
      priceLines = wanted.lines.map((line) => series.createPriceLine({
        price: line.price,
        title: line.title,
        color: color[line.kind],
        axisLabelTextColor: color.onLine,
        lineWidth: line.kind === 'entry' ? 1 : 2,
        lineStyle: line.kind === 'liquidation' ? engine.LineStyle.Solid : engine.LineStyle.Dashed,
        axisLabelVisible: true,
      }));
      // The scale takes the new lines in.
      series.applyOptions({});
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
    },
    theme() {
      const color = colors();
      chart.applyOptions({
        layout: { background: { type: engine.ColorType.Solid, color: 'transparent' }, textColor: color.muted },
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
      self.lines();
      self.markers();
    },
    remove() { chart.remove(); },
  };
  self.theme();
  self.bars();
  return self;
}

/** Prices as the page's language writes them. */
export function prices() {
  const { lang } = document.documentElement;
  if (formatter?.lang !== lang) {
    const format = new Intl.NumberFormat(lang || 'en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    formatter = { lang, format: (price) => format.format(price) };
  }
  return formatter;
}

let formatter = null;

export function unpack(flat) {
  const bars = [];
  for (let at = 0; at + 4 < flat.length; at += 5) {
    bars.push({ time: flat[at], open: flat[at + 1], high: flat[at + 2], low: flat[at + 3], close: flat[at + 4] });
  }
  return bars;
}

function withLines(info, lines, last) {
  if (!info || !last) return info;
  for (const { price } of lines) {
    if (Math.abs(price - last) <= last * NEAR) {
      info.priceRange.minValue = Math.min(info.priceRange.minValue, price);
      info.priceRange.maxValue = Math.max(info.priceRange.maxValue, price);
    }
  }
  return info;
}

export function colors() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    up: of('up'), down: of('down'), muted: of('chart-text'), grid: of('chart-grid'), label: of('chart-label'),
    entry: of('chart-entry'), liquidation: of('danger'), guard: of('accent'), onLine: of('on-line'),
    stop: of('bad'), target: of('good'), info: of('info'), warn: of('warn'),
  };
}
