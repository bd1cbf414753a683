from pathlib import Path

from sam2_annotator.engine.messages import Embed, Embedded, Ended, EndReason, FrameMasks
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId

MEDIA = MediaRef(ItemId(1), MediaKind.IMAGE, Path("a.png"))


def embed(client: EngineClient, slot: str = "embed") -> Embed:
    request = Embed(client.ticket(slot), MEDIA, FrameIndex(0))
    client.submit(request)
    return request


def test_a_newer_request_takes_the_older_of_its_slot_back_and_drops_its_answer() -> None:
    client = EngineClient()
    heard: list[object] = []
    client.received.connect(heard.append)
    old, other, new = embed(client), embed(client, "other"), embed(client)
    assert old.ticket.token.is_set
    assert not other.ticket.token.is_set
    assert not new.ticket.token.is_set
    client.deliver(Embedded(old.ticket, ItemId(1), FrameIndex(0), 0.1))
    assert heard == []
    answer = Embedded(new.ticket, ItemId(1), FrameIndex(0), 0.1)
    client.deliver(answer)
    assert heard == [answer]


def test_the_end_of_every_request_is_heard() -> None:
    client = EngineClient()
    heard: list[object] = []
    client.received.connect(heard.append)
    old, _ = embed(client), embed(client)
    client.deliver(Ended(old.ticket, EndReason.CANCELLED))
    assert len(heard) == 1
    assert client.waiting == 1


def test_a_stale_frame_is_acknowledged_so_that_no_run_waits_for_it() -> None:
    client = EngineClient()
    acked: list[object] = []
    client.acked.connect(acked.append)
    ticket = client.ticket("run")
    client.forget("run")
    client.deliver(FrameMasks(ticket, ItemId(1), FrameIndex(0), (), 1, 2, 1.0, None))
    assert acked == [ticket]
