"""
A fake AWS account that behaves, over the wire, for unmodified boto3.

`model.py` holds what is in the account, `answers.py` answers each operation from it in AWS's
shapes, `server.py` speaks HTTP. `demo_functions` has one function for each cause.
"""

from bot.playground.account.model import AwsAccount, FakeOrganization, Region
from bot.playground.account.server import FakeAws

__all__ = ["AwsAccount", "FakeAws", "FakeOrganization", "Region"]
