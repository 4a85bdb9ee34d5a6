"""The rows of the agency's half."""

from review.models.accepted_case import AcceptedCase
from review.models.agency_review import AgencyReview
from review.models.agenda_item import AgendaItem, ItemOpinion, ItemRecusal, ItemVoter, PaperCount
from review.models.ballot import Ballot, KeptSum, MemberKey, OpeningPart, Recount, RollKey
from review.models.change_request import ChangeRequest
from review.models.committee_filing import CommitteeFiling, FiledMember
from review.models.defence import Defence
from review.models.defence_round import DefenceRound, Panel, Room, Seat, Sitting, Slot
from review.models.draw import Draw
from review.models.duty_record import DutyRecord
from review.models.expert import Expert
from review.models.expert_import import ExpertImport
from review.models.expert_term import ExpertTerm
from review.models.finding import Finding
from review.models.gateway_notice import GatewayNotice
from review.models.joint_key import JointKey, KeySeat, SealedShare
from review.models.name_match import NameMatch
from review.models.panel_opinion import BlindFile, PanelOpinion, Recusal
from review.models.payment import Order, Payment
from review.models.queueing import Allotment, AllottedFile, ChosenColumns, QueueExport, SavedFilter
from review.models.quota import TargetedQuota
from review.models.reconciliation import Difference, Reconciliation
from review.models.refund import Refund
from review.models.result_acceptance import AcceptancePaper, ResultAcceptance
from review.models.score_sheet import ScoreLine, ScoreSheet
from review.models.session import CommitteeSession
from review.models.session_member import Scrutineer, SessionMember
from review.models.stray_notice import StrayNotice

__all__ = [
    "AcceptancePaper",
    "AcceptedCase",
    "AgencyReview",
    "AgendaItem",
    "Allotment",
    "AllottedFile",
    "Ballot",
    "BlindFile",
    "ChangeRequest",
    "ChosenColumns",
    "CommitteeFiling",
    "CommitteeSession",
    "Defence",
    "DefenceRound",
    "Difference",
    "Draw",
    "DutyRecord",
    "Expert",
    "ExpertImport",
    "ExpertTerm",
    "FiledMember",
    "Finding",
    "GatewayNotice",
    "ItemOpinion",
    "ItemRecusal",
    "ItemVoter",
    "JointKey",
    "KeptSum",
    "KeySeat",
    "MemberKey",
    "NameMatch",
    "OpeningPart",
    "Order",
    "Panel",
    "PanelOpinion",
    "PaperCount",
    "Payment",
    "QueueExport",
    "Reconciliation",
    "Recount",
    "Recusal",
    "Refund",
    "ResultAcceptance",
    "RollKey",
    "Room",
    "SavedFilter",
    "ScoreLine",
    "ScoreSheet",
    "Scrutineer",
    "SealedShare",
    "Seat",
    "SessionMember",
    "Sitting",
    "Slot",
    "StrayNotice",
    "TargetedQuota",
]
