"""
What stands at the head of each file: what it is, and the commands that deploy it.

The external id is taken from a variable of the shell, so that it is in no file.
"""

from __future__ import annotations

from bot.setup.irsa import ServiceAccount
from bot.setup.roles import BOT_NAME, AssumedRole, BotRole, ListerRole, ReaderRole

_READER = "The reader role of slsdiag: the bot assumes it to read the account. It only reads"
_LISTER = """\
The role by which slsdiag lists the accounts of an organization: the bot assumes it. It only
reads. It belongs in the management account, or in a delegated administrator's."""
_BOT = "The role that slsdiag runs as. It only reads"
_TAKES = ", and takes events off the queue of slsdiag watch template"
_ARN = f"arn:aws:iam::123456789012:role/{BOT_NAME}"
_ID = "EXTERNAL_ID=$(openssl rand -hex 20)  # also slsdiag's external_id of it"
_ORDER = """\
Create the bot's role first: IAM refuses a trust policy that names a role that does not
exist. If the bot's role is ever deleted and created again, deploy this again (IAM User
Guide, "AWS JSON policy elements: Principal").
"""

_QUEUE = """\
The queue from which slsdiag takes the events of one account and Region, and the rules of
EventBridge that fill it. The calls of people and tools arrive only where a trail of CloudTrail
logs management events; slsdiag doctor shows whether one does."""
_THEN = """\
The last command prints the queue's URL: add it to SLSDIAG_EVENTS, with commas between several.
Let the role that reads the account take messages off the queue: slsdiag policy --watch
prints that permission, alone or with --role."""


def bot_template(role: BotRole) -> str:
    """Of the bot's role, for CloudFormation."""
    others = """\
Where the bot runs on EC2 or in EKS, add --parameter-overrides Service=ec2.amazonaws.com
or Service=pods.eks.amazonaws.com (EKS Pod Identity).
"""
    return _comment(f"""\
{_bot(role)}

  aws cloudformation deploy --stack-name {role.name} --template-file {role.name}.yaml \\
    --capabilities CAPABILITY_NAMED_IAM

{_pods(role.pods) if role.pods else others}""")


def reader_template(role: AssumedRole) -> str:
    """Of a reader role, for CloudFormation."""
    bot = "" if role.bot else f"BotRoleArn={_ARN} \\\n      "
    return _comment(f"""\
{_about(role)}

{_ORDER}
With credentials of {_of(role)}:

  {_ID}
  aws cloudformation deploy --stack-name {role.name} --template-file {role.name}.yaml \\
    --capabilities CAPABILITY_NAMED_IAM \\
    --parameter-overrides {bot}"ExternalId=$EXTERNAL_ID"
""")


def stack_set(role: ReaderRole) -> str:
    """Of a reader role, for the accounts of an organization."""
    bot = "" if role.bot else f"ParameterKey=BotRoleArn,ParameterValue={_ARN} \\\n      "
    return _comment(f"""\
{_about(role)}

{_ORDER}
In the organization's management account, with the ids of its organizational units:

  aws cloudformation activate-organizations-access
  {_ID}
  aws cloudformation create-stack-set --stack-set-name {role.name} \\
    --template-body file://{role.name}.yaml --capabilities CAPABILITY_NAMED_IAM \\
    --permission-model SERVICE_MANAGED \\
    --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false \\
    --parameters {bot}"ParameterKey=ExternalId,ParameterValue=$EXTERNAL_ID"
  aws cloudformation create-stack-instances --stack-set-name {role.name} \\
    --deployment-targets OrganizationalUnitIds=ou-abcd-11111111 --regions us-east-1

One Region is enough: a role is in all of them. Accounts that join the units later get the
role, too. The management account gets none from a StackSet: deploy this there as a stack.
In the China Regions there are no StackSets for organizations (AWS CloudFormation User
Guide, "Prerequisites for using StackSets").
""")


def bot_configuration(role: BotRole) -> str:
    """Of the bot's role, for Terraform."""
    others = """\
Where the bot runs on EC2 or in EKS, add -var service=ec2.amazonaws.com or
-var service=pods.eks.amazonaws.com (EKS Pod Identity).
"""
    return _comment(f"""\
{_bot(role)}

  terraform init
  terraform apply

{_pods(role.pods) if role.pods else others}""")


def _pods(pods: ServiceAccount) -> str:
    return f"""\
Only pods with the service account {pods.name} of the namespace {pods.namespace} get the role
(IRSA). IAM must know the cluster's OIDC provider, in the account of this role. Where
aws iam list-open-id-connect-providers does not list it, create it:

  eksctl utils associate-iam-oidc-provider --cluster CLUSTER --approve

Then give the service account the role, in the chart by this value:

  --set 'serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn={_ARN}'
"""


def reader_configuration(role: AssumedRole) -> str:
    """Of a reader role, for Terraform."""
    bot = "" if role.bot else f" -var bot_role_arn={_ARN}"
    return _comment(f"""\
{_about(role)}

{_ORDER}
With credentials of {_of(role)}:

  {_ID}
  terraform init
  TF_VAR_external_id=$EXTERNAL_ID terraform apply{bot}

Terraform's state holds the external id: keep the state where few can read it.
""")


def queue_template(name: str) -> str:
    """Of the queue of an account and region, for CloudFormation."""
    return _comment(f"""\
{_QUEUE}

With credentials of the account that is watched, in each of its Regions:

  aws cloudformation deploy --stack-name {name} --template-file {name}.yaml
  aws cloudformation describe-stacks --stack-name {name} \\
    --query "Stacks[0].Outputs[0].OutputValue" --output text

{_THEN}
""")


def queue_configuration() -> str:
    """Of the queue of an account and region, for Terraform."""
    return _comment(f"""\
{_QUEUE}

With credentials of the account that is watched, in each of its Regions:

  terraform init
  terraform apply

{_THEN}
""")


def _comment(text: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines()) + "\n"


def _about(role: AssumedRole) -> str:
    return _LISTER if isinstance(role, ListerRole) else f"{_READER}{_takes(role)}."


def _of(role: AssumedRole) -> str:
    return "that account" if isinstance(role, ListerRole) else "the account to be read"


def _bot(role: BotRole) -> str:
    if role.others:
        return f"{_BOT}, here and in other accounts, by their reader roles{_takes(role)}."
    return f"{_BOT} this account{_takes(role)}. For others, print it again with --account NUMBER."


def _takes(role: BotRole | ReaderRole) -> str:
    return _TAKES if role.watch else ""
