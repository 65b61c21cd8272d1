using System.Collections.Immutable;
using HaCluster.Stack.Identities;

namespace HaCluster.Stack.Encryption;

/// <summary>
/// Policy of an asymmetric key that one role signs with: everybody else is refused, the administrators of the account included. Changing that policy is a step of its own, which CloudTrail records.
/// </summary>
public static class SigningKeyPolicy
{
    /// <summary>The longest time that AWS allows: time to notice that a deleted key was still in use.</summary>
    public const int DeletionWindowDays = 30;

    private const string Caller = "aws:PrincipalArn";

    /// <param name="signer">ARN of the one role that may sign.</param>
    /// <param name="admins">ARNs of the roles that may schedule its deletion; empty: nobody.</param>
    public static string Json(string partition, string account, string signer, ImmutableArray<string> admins) =>
        PolicyDocument.Json(Owner(partition, account), OnlySigner(signer), NoDeletion(admins));

    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html: without it, IAM policies could not grant the key.
    private static PolicyStatement Owner(string partition, string account) => new()
    {
        Sid = "AccountAdministration",
        Principal = ("AWS", $"arn:{partition}:iam::{account}:root"),
        Actions = ["kms:*"],
        Resources = ["*"],
    };

    // A refusal wins over IAM policies and over grants (https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html).
    private static PolicyStatement OnlySigner(string signer) => new()
    {
        Sid = "OnlyTheServiceSigns",
        Denies = true,
        Principal = ("AWS", "*"),
        Actions = ["kms:Sign"],
        Resources = ["*"],
        Conditions = [PolicyCondition.IsNoneOfArns(Caller, signer)],
    };

    private static PolicyStatement NoDeletion(ImmutableArray<string> admins) => new()
    {
        Sid = "DeletionByAdministratorsAlone",
        Denies = true,
        Principal = ("AWS", "*"),
        Actions = ["kms:ScheduleKeyDeletion"],
        Resources = ["*"],
        Conditions = admins.IsEmpty ? [] : [PolicyCondition.IsNoneOfArns(Caller, admins)],
    };
}
