"""Choice of device and precision."""

import pytest
import torch

from sam2_core.devices import (
    autocast_for,
    describe_devices,
    in_batches,
    inference_precision,
    pick_device,
    precision_for,
    with_spare_memory,
)
from sam2_core.errors import EngineError, OutOfMemory

CPU = torch.device("cpu")


def test_every_device_says_why():
    facts = describe_devices()
    assert [f.name for f in facts] == ["cuda", "mps", "cpu"]
    assert facts[-1].available
    assert all(f.reason for f in facts)


def test_the_best_device_is_the_default(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert pick_device() == CPU


def test_a_named_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(EngineError, match=r"cuda cannot be used: .*; use cpu"):
        pick_device("cuda")


@pytest.mark.parametrize("name", ["gpu0", "xpu", "meta", ""])
def test_an_unknown_device_is_refused(name):
    with pytest.raises(EngineError, match=f"no device named '{name}'"):
        pick_device(name)


def test_a_gpu_that_does_not_answer_is_passed_over(monkeypatch):
    def refuse(device):
        raise RuntimeError("CUDA error: all devices are busy or unavailable\nCompile with ...")

    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", refuse)
    cuda = describe_devices()[0]
    assert not cuda.available
    assert "busy or unavailable)" in cuda.reason
    assert pick_device().type != "cuda"


def test_precisions():
    assert precision_for(CPU, "auto") is torch.float32
    assert precision_for(CPU, "bfloat16") is torch.bfloat16
    with pytest.raises(ValueError, match="int8"):
        precision_for(CPU, "int8")


@pytest.mark.parametrize(("found", "wanted"), [({"amx_bf16": True}, torch.bfloat16), ({"avx2": True}, torch.float32)])
def test_auto_is_bfloat16_on_a_cpu_with_units_for_it(monkeypatch, found, wanted):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    assert inference_precision(CPU) is wanted
    assert inference_precision(CPU, "float32") is torch.float32
    assert precision_for(CPU) is torch.float32  # training stays as it is


def test_autocast_is_entered_where_asked():
    with autocast_for(CPU, "bfloat16"):
        assert torch.is_autocast_enabled("cpu")
    with autocast_for(CPU, "auto"):
        assert not torch.is_autocast_enabled("cpu")


def test_the_callers_autocast_stays():
    with torch.autocast("cpu", dtype=torch.bfloat16), autocast_for(CPU, "float16"):
        assert torch.get_autocast_dtype("cpu") is torch.bfloat16


def _failing(times, error):
    calls = []

    def work():
        calls.append(1)
        if len(calls) <= times:
            raise error
        return len(calls)

    return work


def test_work_is_done_again_after_freeing():
    freed = []
    assert with_spare_memory(CPU, _failing(1, torch.OutOfMemoryError("no room")), lambda: freed.append(1)) == 2
    assert freed == [1]


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        MemoryError("Unable to allocate 3.2 GiB for an array"),
    ],
)
def test_memory_that_stays_short_is_an_error(error):
    with pytest.raises(OutOfMemory, match="smaller model"):
        with_spare_memory(CPU, _failing(2, error), lambda: None)


def test_other_errors_pass():
    with pytest.raises(RuntimeError, match="shape"):
        with_spare_memory(CPU, _failing(1, RuntimeError("shape")), lambda: None)


def test_batches_become_smaller_where_memory_is_short():
    tried = []

    def work(part):
        tried.append(len(part))
        if len(part) > 3:
            raise torch.OutOfMemoryError("no room")
        return [10 * item for item in part]

    assert in_batches(CPU, range(8), 8, work) == [0, 10, 20, 30, 40, 50, 60, 70]
    assert tried == [8, 4, 2, 2, 2, 2]


def test_a_single_item_that_does_not_fit_is_an_error():
    def work(part):
        raise MemoryError

    with pytest.raises(MemoryError):
        in_batches(CPU, [1, 2], 2, work)


def test_other_errors_of_a_batch_pass():
    tried = []

    def work(part):
        tried.append(part)
        raise RuntimeError("shape")

    with pytest.raises(RuntimeError, match="shape"):
        in_batches(CPU, [1, 2], 2, work)
    assert len(tried) == 1
