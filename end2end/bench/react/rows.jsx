// The table of positions in React 19: the same cells, figures and class names, each row kept from work that is not its.
import { memo, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';

const asked = new URLSearchParams(location.search);
const [rows, prices, shown] = ['rows', 'prices', 'shown'].map((name) => Number(asked.get(name)));
const whole = new Intl.NumberFormat('en-US');
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const full = 20;

/** Sats that a long of so many dollars gains between two prices. */
const gain = (quantity, entry, mark) => Math.floor(quantity * 100_000_000 * (1 / entry - 1 / mark));

const positions = Array.from({ length: rows }, (_, number) => ({
  id: (0x10000000 + number).toString(16),
  quantity: 1_000,
  entry: 60_000,
  leverage: 10,
  margin: 166_666,
  liquidation: 54_546,
  trigger: 57_420,
  costs: 3_200,
}));

const Still = memo(({ children, ...attributes }) => <td {...attributes}>{children}</td>);

const Actions = memo(() => (
  <td className="row-actions">
    <div className="action-grid">
      {['Add margin', 'Cash in', 'Stops', 'Close'].map((name) => <button key={name} type="button" className="button small">{name}</button>)}
    </div>
  </td>
));

const Head = memo(({ id }) => (
  <th scope="row">
    <label className="check"><input type="checkbox" aria-label={`Choose ${id}`} /></label>
    <span className="side">Long</span>
    <span className="sub">{id}</span>
    <a className="sub" href={`#${id}`}>Why?</a>
  </th>
));

const Row = memo(({ position, price }) => {
  const { id, quantity, entry, leverage, margin, liquidation, trigger, costs } = position;
  const distance = (100 * (price - liquidation)) / price;
  const danger = 10 < distance ? ['good', 'safe'] : 5 < distance ? ['warn', 'near'] : ['bad', 'critical'];
  const net = gain(quantity, entry, price) - costs;
  const still = useMemo(
    () => [
      <Still key="quantity"><span className="figure">${whole.format(quantity)}</span></Still>,
      <Still key="leverage"><span className="figure">{leverage}x</span></Still>,
      <Still key="margin"><span className="figure">{whole.format(margin)}</span><span className="sub">sats</span></Still>,
      <Still key="stops"><span className="figure">—</span><span className="figure sub">—</span></Still>,
      <Still key="funding"><span className="figure">+0</span><span className="sub">sats</span></Still>,
    ],
    [quantity, leverage, margin],
  );
  return (
    <tr data-testid="position-row">
      <Head id={id} />
      {still[0]}
      <td>
        <span className="figure">{whole.format(entry)}</span>
        <span className="figure sub">{cents.format(price)}</span>
      </td>
      {still[1]}
      {still[2]}
      <td>
        <span className="figure">{whole.format(liquidation)}</span>
        <span className="figure sub tone" data-tone={danger[0]}>{cents.format(distance)}% · {danger[1]}</span>
        <svg className="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" data-tone={danger[0]}>
          <rect className="bar-ground" width="1000" height="10" rx="5" />
          <rect className="bar-fill" width={Math.round((1_000 * Math.min(distance, full)) / full)} height="10" rx="5" />
        </svg>
        <span className="sub">guarded at {whole.format(trigger)}</span>
      </td>
      {still[3]}
      {still[4]}
      <td>
        <span className="figure tone" data-tone={net < 0 ? 'bad' : 'good'}>{whole.format(net)}</span>
        <span className="figure sub">${cents.format((net * price) / 100_000_000)}</span>
      </td>
      <Actions />
    </tr>
  );
});

function Table() {
  const [price, setPrice] = useState(60_000);
  useEffect(() => {
    let count = 0;
    let newest = 60_000;
    const arrive = setInterval(() => {
      count += 1;
      newest = 60_000 + (((count * 7) % 41) - 20) / 2;
      if (shown === prices) setPrice(newest);
    }, 1_000 / prices);
    const show = shown === prices ? undefined : setInterval(() => setPrice(newest), 1_000 / shown);
    return () => [arrive, show].forEach(clearInterval);
  }, []);
  const headings = ['Position', 'Quantity', 'Entry / mark', 'Leverage', 'Margin', 'Liquidation', 'SL / TP', 'Funding', 'Net P&L', ''];
  return (
    <section className="card table-card">
      <table className="positions">
        <thead>
          <tr>{headings.map((heading) => <th key={heading} scope="col">{heading}</th>)}</tr>
        </thead>
        <tbody>{positions.map((position) => <Row key={position.id} position={position} price={price} />)}</tbody>
      </table>
    </section>
  );
}

createRoot(document.getElementById('root')).render(<Table />);
