from booru.posts.walking.pace import AIM, BATCH_SIZE, Pace


def test_the_batches_grow_while_they_are_quick():
    pace = Pace()
    for _ in range(10):
        pace.adapt(0.01)
    assert pace.size == 2000


def test_the_batches_shrink_when_they_are_slow():
    pace = Pace()
    pace.adapt(3)
    assert pace.size == BATCH_SIZE // 2
    for _ in range(10):
        pace.adapt(3)
    assert pace.size == 50


def test_a_batch_that_takes_as_long_as_it_should_is_right():
    pace = Pace()
    pace.adapt(AIM)
    assert pace.size == BATCH_SIZE


def test_a_number_that_is_given_stays():
    pace = Pace(7)
    with pace.timed():
        assert pace.size == 7
    pace.adapt(3)
    assert pace.size == 7
