import { outlineOf, type Edge, type Rectangle, type Shape } from "../../compiler/draw/shapes.ts";
import type { Picture } from "../../compiler/draw/picture.ts";

/** A tenth of a pixel is rounding. */
const tolerance = 0.1;

interface Outline {
  readonly shape: Shape;
  readonly name: string;
  readonly place: Rectangle;
}

/** What would spoil a picture: things over each other, beyond the page, or crossed by lines. */
export function faultsOf({ shapes, width, height }: Picture): readonly string[] {
  const outlines = shapes.flatMap((shape): readonly Outline[] => {
    const place = outlineOf(shape);
    return place ? [{ shape, place, name: nameOf(shape) }] : [];
  });
  const page = { x: 0, y: 0, width, height };
  const beyond = outlines.filter(({ place }) => !isWithin(place, page));
  return [
    ...beyond.map(({ name }) => `${name} reaches beyond the page`),
    ...overlaps(outlines),
    ...crossings(shapes, outlines),
  ];
}

/** Of two things one lies in the other, or they are apart; texts and badges hold nothing. */
function overlaps(outlines: readonly Outline[]): readonly string[] {
  return outlines.flatMap((a, index) =>
    outlines.slice(index + 1).flatMap((b) => {
      if (!isMeeting(a.place, b.place)) return [];
      if (holds(a, b) || holds(b, a)) return [];
      return [`${a.name} lies over ${b.name}`];
    }),
  );
}

function holds(outer: Outline, inner: Outline): boolean {
  const { kind } = outer.shape;
  const canHold =
    kind === "box" || kind === "frame" || (kind === "badge" && inner.shape.kind === "text");
  return canHold && isWithin(inner.place, outer.place);
}

/** Lines end at boxes and pass everything else. */
function crossings(shapes: readonly Shape[], outlines: readonly Outline[]): readonly string[] {
  const solid = outlines.filter(({ shape }) => shape.kind !== "frame");
  const edges = shapes.filter((shape): shape is Edge => shape.kind === "edge");
  return edges.flatMap(({ points }) =>
    solid
      .filter(({ place }) =>
        points.some((point, index) => {
          const next = points[index + 1];
          return next !== undefined && isMeeting(place, between(point, next));
        }),
      )
      .map(
        ({ name }) =>
          `a line through ${points.map(({ x, y }) => `${x},${y}`).join(" ")} crosses ${name}`,
      ),
  );
}

function between(a: { x: number; y: number }, b: { x: number; y: number }): Rectangle {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  // A line is as thick as its stroke.
  return {
    x: x - 0.6,
    y: y - 0.6,
    width: Math.abs(a.x - b.x) + 1.2,
    height: Math.abs(a.y - b.y) + 1.2,
  };
}

function isWithin(inner: Rectangle, outer: Rectangle): boolean {
  return (
    inner.x >= outer.x - tolerance &&
    inner.y >= outer.y - tolerance &&
    inner.x + inner.width <= outer.x + outer.width + tolerance &&
    inner.y + inner.height <= outer.y + outer.height + tolerance
  );
}

/** Touching is no meeting; strokes and arrow heads at a side are a pixel deep. */
function isMeeting(a: Rectangle, b: Rectangle): boolean {
  const room = 1;
  return (
    a.x + room < b.x + b.width &&
    b.x + room < a.x + a.width &&
    a.y + room < b.y + b.height &&
    b.y + room < a.y + a.height
  );
}

function nameOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return `"${shape.text}"`;
    case "box":
      return `a ${shape.role} box (${shape.paths.join(" ")})`;
    default:
      return `a ${shape.kind}`;
  }
}
