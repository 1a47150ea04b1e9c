/** The file that a loader opens; it names the others. */
export const modelFile = "model.json";
