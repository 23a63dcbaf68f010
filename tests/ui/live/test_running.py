"""Answers under way: with and without anyone who looks."""

from ui.live import Running
from ui.state import Exchange


def test_an_answer_goes_on_without_anyone_looking_and_is_kept(door):
    kept = []
    running = Running(Exchange("Lent ?"), lambda: door.answer("Lent ?", library="exemple"), kept.append, "Hélas.")
    door.go.set()
    running.join(5)
    assert kept[-1].answer.text == "Un début et une fin."
    assert [exchange.answer.text for exchange in running.follow()] == ["Un début et une fin."]


def test_two_followers_see_the_same_answer(door):
    running = Running(Exchange("Lent ?"), lambda: door.answer("Lent ?", library="exemple"), lambda _: None, "Hélas.")
    one, two = running.follow(), running.follow()
    next(one), next(two)
    door.go.set()
    assert list(one)[-1] is list(two)[-1]
