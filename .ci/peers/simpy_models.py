"""The models of the pairs as SimPy programs: simpy_models.py MODEL SEED prints the CPU seconds of the run and its result as JSON."""

import json
import random
import sys
import time

import simpy


def line(servers, seed, messages):
    """M/M/c with service rate 1 and utilization 0.8: the mean wait."""
    env = simpy.Environment()
    crew = simpy.Resource(env, capacity=servers)
    draw = random.Random(seed).expovariate
    waited = 0.0

    def message():
        nonlocal waited
        came = env.now
        with crew.request() as turn:
            yield turn
            waited += env.now - came
            yield env.timeout(draw(1.0))

    def source():
        for _ in range(messages):
            yield env.timeout(draw(0.8 * servers))
            env.process(message())

    env.process(source())
    env.run()
    return waited / messages


def function(seed, requests):
    """A function with 0.9 requests/s, services of 2 s and a keep-alive of 60 s, all exponential: the share of cold requests.

    An idle environment is the time at which it goes; one whose time is over is thrown away when it is met."""
    env = simpy.Environment()
    draw = random.Random(seed).expovariate
    idle = []
    cold = 0

    def request():
        nonlocal cold
        while idle and idle[-1] < env.now:
            idle.pop()
        if idle:
            idle.pop()
        else:
            cold += 1
        yield env.timeout(draw(1 / 2))
        idle.append(env.now + draw(1 / 60))

    def source():
        for _ in range(requests):
            yield env.timeout(draw(0.9))
            env.process(request())

    env.process(source())
    env.run()
    return cold / requests


MODELS = {
    "mm1": lambda seed, n: line(1, seed, n),
    "mm4": lambda seed, n: line(4, seed, n),
    "coldstart": function,
}

model, seed, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
start = time.process_time()
result = MODELS[model](seed, n)
print(json.dumps({"cpu_s": time.process_time() - start, "result": result, "version": simpy.__version__}))
