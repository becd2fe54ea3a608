"""What Slack's refusals mean, by rule."""

from __future__ import annotations

import pytest

from bot.slack.refusals import Means, means
from tests.bot.slack.refused_words import INVENTED, METHODS, words


def test_lists_are_whole():
    assert len(INVENTED) == len(set(INVENTED)) == 50
    assert len(words("chat.postMessage")) > 100
    assert not set(INVENTED) & {w for m in METHODS for w in words(m)[:-50]}


@pytest.mark.parametrize(
    ("means_", "said"),
    [
        (Means.LIMITED, "ratelimited rate_limited"),
        (
            Means.WAIT,
            "invalid_auth not_authed token_revoked token_expired token_rotation_needed "
            "account_inactive missing_scope org_login_required accesslimited "
            "two_factor_setup_required team_access_not_granted ekm_access_denied "
            "message_limit_exceeded",
        ),
        (Means.UNCLEAR, "internal_error fatal_error service_unavailable request_timeout 502"),
        (
            Means.OUR_FAULT,
            "invalid_blocks invalid_blocks_format invalid_arguments invalid_attachments "
            "msg_too_long msg_blocks_too_long too_many_attachments no_text metadata_too_large",
        ),
        (
            Means.NOT_HERE,
            "not_in_channel channel_not_found is_archived restricted_action no_permission "
            "restricted_action_read_only_channel restricted_action_thread_only_channel "
            "access_denied messages_tab_disabled something_new",
        ),
    ],
)
def test_meaning_of_a_word_follows_from_rules(means_, said):
    assert {each: means(each) for each in said.split()} == dict.fromkeys(said.split(), means_)
