"""What each message of a client does to its session."""

from __future__ import annotations

from fnlloyd.errors import BadMessage
from fnlloyd.session import Session
from fnlloyd.wire import EventMessage, Heard, HeardStatus, Hello, Incoming, Interrupt, SayMessage, StateMessage


def obey(session: Session, message: Incoming) -> None:
    """Do what the message asks. Raises a ClientError that names the field; then nothing was done."""
    match message:
        case EventMessage():
            session.event(message.to_event())
        case SayMessage():
            session.say(message.to_say())
        case StateMessage():
            session.change_state(message.state)
        case Interrupt():
            session.interrupt(message.line, message.fade_ms)
        case Heard():
            _heard(session, message)
        case Hello():
            raise BadMessage("hello: this connection has said hello already", field="type")


def _heard(session: Session, message: Heard) -> None:
    match message.status:
        case HeardStatus.STARTED:
            session.heard_started(message.line, message.at_ms or 0)
        case HeardStatus.FINISHED:
            session.heard_finished(message.line)
        case HeardStatus.DROPPED:
            session.heard_cut(message.line, 0)
        case HeardStatus.CUT:
            session.heard_cut(message.line, message.at_ms or 0)
