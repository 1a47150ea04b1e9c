"""A quantization-aware training step of a RepVGG block in PyTorch, for comparison: python3 pytorch_block.py THREADS BATCH WORKLOADS.

WORKLOADS is JSON as in bench/engines/workloads.ts. Says whether it can run, then measures one round for every line that it is sent; every
message is one line of JSON (bench/engines/messages.ts).
"""

import json
import sys
import time


def say(**message):
    print(json.dumps(message), flush=True)


try:
    import torch
    import torch.nn.functional as F
except Exception as error:  # a broken installation raises anything
    lines = str(error).strip().splitlines() or [type(error).__name__]
    say(kind="absent", reason=f"python3 cannot import torch ({lines[0]})")
    sys.exit(0)


class FakeQuantize(torch.autograd.Function):
    """LSQ (Esser et al., ICLR 2020): one step for all of v, or one per output channel of a kernel."""

    @staticmethod
    def forward(context, v, step, low, high):
        ratio = v / step
        context.save_for_backward(ratio, step)
        context.bounds = (low, high)
        return ratio.clamp(low, high).round() * step

    @staticmethod
    def backward(context, gradient):
        ratio, step = context.saved_tensors
        low, high = context.bounds
        clipped = ratio.clamp(low, high)
        is_inside = (clipped == ratio).to(ratio.dtype)
        of_step = gradient * (clipped.round() - ratio * is_inside)
        of_step = of_step.sum() if step.numel() == 1 else of_step.sum((1, 2, 3), keepdim=True)
        scale = (ratio.numel() * high) ** -0.5
        return gradient * is_inside, of_step.reshape(step.shape) * scale, None, None


class Block:
    """3x3, 1x1 and identity, each with its own batch normalization, ReLU behind the sum."""

    def __init__(self, form, side, channels, batch, device):
        make = lambda *shape: torch.randn(*shape, device=device)
        self.wide = make(channels, channels, 3, 3) * 0.06
        self.narrow = make(channels, channels, 1, 1) * 0.2
        self.identity = torch.eye(channels, device=device).reshape(channels, channels, 1, 1)
        self.norms = [torch.nn.BatchNorm2d(channels).to(device) for _ in range(3)]
        self.input_step = torch.tensor(0.2, device=device)
        self.steps = [torch.full((channels, 1, 1, 1), 0.02, device=device) for _ in range(2)]
        self.input = torch.relu(make(batch, channels, side, side)).requires_grad_()
        self.target = make(batch, channels, side, side)
        own = [self.wide, self.narrow, self.input_step, *self.steps]
        self.weights = [weight.requires_grad_() for weight in own]
        self.weights += [weight for norm in self.norms for weight in norm.parameters()]
        self.output = self.branches if form == "branches" else self.repq

    def branches(self):
        x = FakeQuantize.apply(self.input, self.input_step, 0, 15)
        wide = FakeQuantize.apply(self.wide, self.steps[0], -8, 7)
        narrow = FakeQuantize.apply(self.narrow, self.steps[1], -8, 7)
        parts = [F.conv2d(x, wide, padding=1), F.conv2d(x, narrow), x]
        return F.relu(sum(norm(part) for norm, part in zip(self.norms, parts)))

    def repq(self):
        measured = [F.conv2d(self.input, self.wide, padding=1), F.conv2d(self.input, self.narrow), self.input]
        kernels = [self.wide, self.narrow, self.identity]
        folded = [fold(*each) for each in zip(self.norms, kernels, measured)]
        (wide, _), (narrow, _), (identity, _) = folded
        kernel = wide + F.pad(narrow + identity, (1, 1, 1, 1))
        bias = sum(bias for _, bias in folded)
        x = FakeQuantize.apply(self.input, self.input_step, 0, 15)
        return F.relu(F.conv2d(x, FakeQuantize.apply(kernel, self.steps[0], -8, 7), bias, padding=1))

    def step(self):
        for weight in [self.input, *self.weights]:
            weight.grad = None
        F.mse_loss(self.output(), self.target).backward()
        with torch.no_grad():
            for weight in self.weights:
                if weight.grad is not None:
                    weight -= 1e-3 * weight.grad


def fold(norm, kernel, measured):
    """Kernel and bias of a convolution with the batch normalization behind it, by the statistics of the batch."""
    mean, variance = measured.mean((0, 2, 3)), measured.var((0, 2, 3), unbiased=False)
    with torch.no_grad():
        norm.running_mean.lerp_(mean, norm.momentum)
        norm.running_var.lerp_(variance, norm.momentum)
    factor = norm.weight / torch.sqrt(variance + norm.eps)
    return kernel * factor.reshape(-1, 1, 1, 1), norm.bias - factor * mean


def plain_convolution(side, channels, batch, device):
    x = torch.randn(batch, channels, side, side, device=device)
    kernel = torch.randn(channels, channels, 3, 3, device=device)

    def run():
        with torch.no_grad():
            F.conv2d(x, kernel, padding=1)

    return run


def milliseconds(run, device):
    start = time.perf_counter()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return 1e3 * (time.perf_counter() - start)


def main():
    threads, batch, asked = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    peak = asked["peak"]
    runs = {peak["name"]: plain_convolution(peak["side"], peak["channels"], batch, device)}
    for one in asked["workloads"]:
        runs[one["name"]] = Block(one["form"], one["side"], one["channels"], batch, device).step
    for run in runs.values():
        run()
    place = torch.cuda.get_device_name() if device.type == "cuda" else f"CPU, {threads} threads"
    say(kind="ready", engine=f"PyTorch {torch.__version__} on {place}", isSoftwareGpu=False)
    for _ in sys.stdin:
        say(kind="round", times={name: milliseconds(run, device) for name, run in runs.items()})


main()
