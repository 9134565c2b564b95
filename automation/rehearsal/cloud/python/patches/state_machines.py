"""Step Functions: roles of tasks, refusals on creation, logs."""

import role_use
import state_machine_calls
import state_machine_checks
import state_machine_logs
import state_machine_paths
import state_machine_run
from ministack.services import stepfunctions
from patching import Patch

PATCHES = [
    Patch(
        name="state-machine-run",
        module=stepfunctions,
        attribute="_run_execution",
        sha256="996dff84e0e0605ae3ffb450d0dfa0adc150caa811d0715fc2d4eb7cf28a1648",
        replace=state_machine_run.run,
        behaviour="Tasks are calls signed with the role's session, so IAM judges them; branches have contexts of their own; "
        "timeouts end what they are about; States.ALL catches neither States.Runtime nor States.DataLimitExceeded",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="state-machine-test-state",
        module=stepfunctions,
        attribute="_test_state",
        sha256="f408b75eedff9a94f0410d7f14c30941045a084d6d2884c4de3142f92292cb97",
        replace=state_machine_calls.refuse_test,
        behaviour="None: TestState would run tasks that no policy sees, so it is refused by name",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html",
        test="stateMachineFlow.cloud.ts",
    ),
    Patch(
        name="state-machine-paths",
        module=stepfunctions,
        attribute="_resolve_path",
        sha256="4ca0c5fe9f7014c6bd12e85953608d6de6983843fa6f0f950b96c87b94c8d1aa",
        replace=state_machine_paths.strict,
        behaviour="A path that leads nowhere is States.Runtime; `$name` is a variable",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html",
        test="stateMachineFlow.cloud.ts",
    ),
    Patch(
        name="state-machine-templates",
        module=stepfunctions,
        attribute="_resolve_params_obj",
        sha256="d41c2e27dd1b00a5e4058e1d96edc10c6ca3eea75fb3aa82fc99d6957fc5da1e",
        replace=state_machine_paths.filled,
        behaviour="As above, with the name of the field",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html",
        test="stateMachineFlow.cloud.ts",
    ),
    Patch(
        name="state-machine-functions",
        module=stepfunctions,
        attribute="_evaluate_intrinsic",
        sha256="1f7e552c4fa204e821e8a1b513049e6fb100b8b2acdc98b345af8fab64c3ef02",
        replace=state_machine_paths.named_failures,
        behaviour="A function that fails on its arguments is States.IntrinsicFailure, which can be caught",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html",
        test="stateMachineFlow.cloud.ts",
    ),
    Patch(
        name="state-machine-choices",
        module=stepfunctions,
        attribute="_evaluate_rule",
        sha256="728e6547c8ca20e527aee6425c19be62c9662f9fe61f45f03ae5ccb033992dea",
        replace=state_machine_paths.checked_rule,
        behaviour="Only IsPresent may ask for what is not there, and null is there; all comparisons with a path work",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html",
        test="stateMachineFlow.cloud.ts",
    ),
    Patch(
        name="state-machine-create",
        module=stepfunctions,
        attribute="_create_state_machine",
        sha256="4bc1231dda6925d21e113eb9e2e1bf3d54839926a1c415de258f31b77cf5c583",
        replace=state_machine_checks.checked,
        behaviour="Refuses a role that states.amazonaws.com may not assume, that may not deliver logs or make managed rules, and transitions that lead nowhere",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        test="stateMachineCreation.cloud.ts",
    ),
    Patch(
        name="state-machine-update",
        module=stepfunctions,
        attribute="_update_state_machine",
        sha256="476e0deee6a3d66bcf5d5dc6b5ae2c97613cbb35aa0d9b013da782b538c4ef2e",
        replace=state_machine_checks.checked,
        behaviour="As on creation",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        test="stateMachineCreation.cloud.ts",
    ),
    Patch(
        name="state-machine-logs",
        module=stepfunctions,
        attribute="_run_execution",
        sha256="996dff84e0e0605ae3ffb450d0dfa0adc150caa811d0715fc2d4eb7cf28a1648",
        replace=state_machine_logs.delivered,
        behaviour="The history of an execution is delivered to its log group by level",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="pass-role-states",
        module=stepfunctions,
        attribute="handle_request",
        sha256="efa6e8c4532a9e05de1d5c451ba1609388c4cb6662e72df46f3fb9158a84e9c4",
        replace=role_use.for_state_machines,
        behaviour="Creating a state machine needs iam:PassRole on its role",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        test="roleUse.cloud.ts",
    ),
]
