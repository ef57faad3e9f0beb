from fnlloyd.events import SoundFormat


def test_a_second_of_sound_lasts_a_second() -> None:
    assert SoundFormat(22050).duration_ms(44100) == 1000


async def test_async_tests_run() -> None:
    assert SoundFormat(16000, 2).frame_bytes == 4
