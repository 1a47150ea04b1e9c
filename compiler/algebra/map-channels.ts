import { buildMapOver, valueOf, type RingMap } from "./ring-maps.ts";
import type { Elements, Ring } from "./ring.ts";

/** `count` channels of a map, from `first` on. */
export function takeChannelsOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  map: RingMap<A>,
  first: number,
  count: number,
): RingMap<A> {
  return buildMapOver(ring, { ...map, channels: count }, (image, row, column, channel) =>
    valueOf(map, image, row, column, first + channel, ring.zero),
  );
}

/** The channels of two maps of one size, side by side. */
export function joinChannelsOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  a: RingMap<A>,
  b: RingMap<A>,
): RingMap<A> {
  const shape = { ...a, channels: a.channels + b.channels };
  return buildMapOver(ring, shape, (image, row, column, channel) =>
    channel < a.channels
      ? valueOf(a, image, row, column, channel, ring.zero)
      : valueOf(b, image, row, column, channel - a.channels, ring.zero),
  );
}
