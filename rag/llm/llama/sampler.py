"""The chain of llama.cpp's samplers for a choice of sampling."""

from __future__ import annotations

from rag.llm.llama.bindings import Native
from rag.llm.sampling import Sampling

PENALISED_TOKENS = 256  # the last ones, which a presence penalty looks at


def sampler(api: Native, sampling: Sampling, seed: int, vocabulary: int) -> Native:
    """Return a chain of llama.cpp's samplers, to be freed by the caller.

    Args:
        api: the bindings.
        sampling: how to choose.
        seed: of the choice; the same seed gives the same choices.
        vocabulary: number of tokens.
    """
    parameters = api.llama_sampler_chain_default_params()
    parameters.no_perf = True
    chain = api.llama_sampler_chain_init(parameters)
    add = api.llama_sampler_chain_add
    if sampling.presence_penalty:
        penalty = sampling.presence_penalty
        add(chain, api.llama_sampler_init_penalties(vocabulary, PENALISED_TOKENS, 1.0, 0.0, penalty))
    if sampling.temperature <= 0:
        add(chain, api.llama_sampler_init_greedy())
        return chain
    if sampling.top_k:
        add(chain, api.llama_sampler_init_top_k(sampling.top_k))
    add(chain, api.llama_sampler_init_top_p(sampling.top_p, 1))
    if sampling.min_p:
        add(chain, api.llama_sampler_init_min_p(sampling.min_p, 1))
    add(chain, api.llama_sampler_init_temp(sampling.temperature))
    add(chain, api.llama_sampler_init_dist(seed))
    return chain
