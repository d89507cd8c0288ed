// A past of minutes as the server would send it: a walk by chance from a seed, the same every time.
function mulberry(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The layout of `engine::replay::past`. */
export function encodedPast(minutes: number): Buffer {
  const bytes = [1];
  const write = (number: number) => {
    let left = BigInt.asUintN(64, (BigInt(number) << 1n) ^ (BigInt(number) >> 63n));
    for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
    bytes.push(Number(left));
  };
  const chance = mulberry(90);
  const begun = 1_700_000_040_000;
  let close = 0;
  let price = 120_000;
  write(minutes);
  for (let minute = 0; minute < minutes; minute += 1) {
    write(minute === 0 ? begun : 0);
    write(price - close);
    const end = Math.max(40_000, price + Math.round((chance() - 0.5) * 160));
    write(Math.max(price, end) + Math.round(chance() * 40) - price);
    write(Math.min(price, end) - Math.round(chance() * 40) - price);
    write(end - price);
    close = end;
    price = end;
  }
  const settlements = Math.floor(minutes / 480);
  write(settlements);
  for (let at = 0; at < settlements; at += 1) {
    write(at === 0 ? begun + 480 * 60_000 : 480 * 60_000);
    write(Math.round((chance() - 0.4) * 20_000));
  }
  return Buffer.from(bytes);
}
