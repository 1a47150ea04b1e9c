/** One file of `../shared/vectors`, and what it is in our language. */
export interface Case {
  readonly file: string;
  /** Name of the file under `specs/blocks`. */
  readonly block: string;
  readonly entry: string;
  /**
   * Names to leave out of the comparison of a train step: there the authors' code pads the inner maps of a branch with constants made of the
   * running statistics after the step, detached from the gradient, and ours with those of the batch (rule S14).
   */
  readonly leavesOut?: (name: string) => boolean;
}

/** Statistics in front of any inner padding are the same. */
const butFirstNorms = (name: string) =>
  !/^after\.(dbb_origin\.bn|dbb_1x1\.bn|dbb_1x1_kxk\.bn1\.bn|dbb_avg\.bn\.bn)\./.test(name);
/** Without a ReLU behind the sum, so are the gradients of branches that do not pad. */
const butPlainBranches = (name: string) =>
  butFirstNorms(name) && !/^grad\.dbb_(origin|1x1)\./.test(name);

export const cases: readonly Case[] = [
  { file: "repvgg_s1_same", block: "repvgg", entry: "RepVGG(6)" },
  { file: "repvgg_s1_diff", block: "repvgg", entry: "RepVGG(7)" },
  { file: "repvgg_s2", block: "repvgg", entry: "RepVGG(8, stride: 2)" },
  { file: "repvgg_s2_same", block: "repvgg", entry: "RepVGG(6, stride: 2)" },
  { file: "repvgg_g2", block: "repvgg", entry: "RepVGG(6, groups: 2)" },
  { file: "ecb_prelu", block: "ecb", entry: "ECB(6)" },
  { file: "ecb_prelu_idt", block: "ecb", entry: "ECB(6, residual: true)" },
  { file: "acb_3x3", block: "acnet", entry: "ACNet(6, act: none)" },
  { file: "acb_5x5", block: "acnet", entry: "ACNet(5, k: 5, act: none)" },
  { file: "acb_3x3_s2", block: "acnet", entry: "ACNet(6, stride: 2, act: none)" },
  {
    file: "dbb_s1",
    block: "dbb",
    entry: "DBB(6, act: none)",
    leavesOut: butPlainBranches,
  },
  {
    file: "dbb_s2_diff",
    block: "dbb",
    entry: "DBB(6, stride: 2)",
    leavesOut: butFirstNorms,
  },
  {
    file: "dbb_g2",
    block: "dbb",
    entry: "DBB(8, groups: 2, act: none)",
    leavesOut: butPlainBranches,
  },
  { file: "orepa_same", block: "orepa", entry: "OREPA(6, act: none)" },
  { file: "orepa_s2", block: "orepa", entry: "OREPA(8, stride: 2)" },
  { file: "mobileone_dw", block: "mobileone", entry: "MobileOne(6, groups: 6)" },
  { file: "mobileone_dw_s2", block: "mobileone", entry: "MobileOne(6, groups: 6, stride: 2)" },
  { file: "mobileone_pw", block: "mobileone", entry: "MobileOne(8, k: 1)" },
  { file: "mobileone_pw_skip", block: "mobileone", entry: "MobileOne(6, k: 1)" },
  { file: "mobileone_dense_s2", block: "mobileone", entry: "MobileOne(8, stride: 2)" },
  { file: "qarepvgg_v2_same", block: "qarepvgg", entry: "QARepVGG(6)" },
  { file: "qarepvgg_v2_s2", block: "qarepvgg", entry: "QARepVGG(7, stride: 2)" },
];
