"""The text of Terraform configurations, with blanks."""

from __future__ import annotations

from string import Template


class Hcl(Template):
    """Blanks are %name, since HCL's own are ${name}."""

    delimiter = "%"


READER_VARIABLES = Hcl("""\
variable "bot_role_arn" {
  description = "The ARN of the role that slsdiag runs as"
  type        = string%default

  validation {
    condition     = can(regex(%arn, var.bot_role_arn))
    error_message = "It must be the ARN of an IAM role."
  }
}

variable "external_id" {
  description = "A long random text; slsdiag has it as external_id"
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex(%external_id, var.external_id))
    error_message = "It may hold letters, digits and _+=,.@:/- only."
  }

  validation {
    condition     = length(var.external_id) >= %shortest && length(var.external_id) <= %longest
    error_message = "It must have %shortest to %longest characters."
  }
}
""")
BOT_VARIABLES = Hcl("""\
variable "service" {
  description = "What runs the bot"
  type        = string
  default     = %first

  validation {
    condition     = contains(%all, var.service)
    error_message = "It must be one of %listed."
  }
}
""")
TRUST = """\
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.bot_role_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
"""
RUN = Hcl("""\
    # EKS Pod Identity tags its sessions (Amazon EKS User Guide)
    actions = var.service == %pods ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [var.service]
    }
""")
WEB_IDENTITY = Hcl("""\
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [%provider]
    }
%conditions""")
PROFILE = Hcl("""\
resource "aws_iam_instance_profile" "slsdiag" {
  count = var.service == %ec2 ? 1 : 0
  name  = aws_iam_role.slsdiag.name
  role  = aws_iam_role.slsdiag.name
}
""")
STATEMENT = Hcl("""\
  statement {
    sid = %sid
    actions = [
%actions    ]
    resources = [
%resources    ]
%conditions  }
""")
CONDITION = Hcl("""
    condition {
      test     = "StringEquals"
      variable = %key
      values   = [%value]
    }
""")
ROLE = Hcl("""\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

%{variables}data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
%trust  }
}

data "aws_iam_policy_document" "permissions" {
%permissions}

resource "aws_iam_role" "slsdiag" {
  name               = %name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "slsdiag" {
  name   = %name
  role   = aws_iam_role.slsdiag.name
  policy = data.aws_iam_policy_document.permissions.json
}

output "role_arn" {
  value = aws_iam_role.slsdiag.arn
}
""")
