// The table that Axisor's page shows, with the same cells, rendered anew at each request.
import { readFile } from 'node:fs/promises';

export const dynamic = 'force-dynamic';

export default async function Positions() {
  const { headings, rows } = JSON.parse(await readFile(process.env.TABLE, 'utf8'));
  return (
    <main>
      <h1>Positions</h1>
      <table className="positions">
        <thead>
          <tr>{headings.map((heading, at) => <th key={at} scope="col">{heading}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, number) => (
            <tr key={number}>
              {row.map((cell, at) => <td key={at}>{cell.map((part, place) => <span key={place} className="figure">{part}</span>)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}
