import torch

from sam2_core.training.distil import Distiller
from support.tiny_model import tiny_video_predictor
from support.toy_pictures import toy_model


def test_a_student_comes_near_its_teacher_and_the_teacher_stays() -> None:
    teacher, student = tiny_video_predictor(), toy_model()
    before = {name: value.clone() for name, value in teacher.state_dict().items()}
    distiller = Distiller(teacher, student.hidden_dim)
    images = torch.randint(0, 255, (1, 64, 64, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    embedding = torch.randn(1, student.hidden_dim, 4, 4, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(distiller.parameters(), lr=0.05)
    losses = []
    for _ in range(10):
        loss = distiller(embedding, images)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    assert all(torch.equal(value, before[name]) for name, value in teacher.state_dict().items())
    assert [name for name, _ in distiller.named_parameters()] == ["project.weight", "project.bias"]


def test_the_same_features_cost_nothing() -> None:
    teacher = tiny_video_predictor()
    distiller = Distiller(teacher, teacher.hidden_dim)
    torch.nn.init.eye_(distiller.project.weight.view(teacher.hidden_dim, -1))
    torch.nn.init.zeros_(distiller.project.bias)
    images = torch.randint(0, 255, (2, 128, 128, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    assert distiller(distiller.wanted(images), images).item() < 1e-5
