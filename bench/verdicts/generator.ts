import { packageVersion } from "../../cli/package-root.ts";

/** What exported files name as their maker. */
export const generator = `repqc ${packageVersion()}`;
