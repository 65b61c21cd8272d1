using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Invokes;

/// <summary>The AWS account of every plan: the number from AWS's documentation, so it cannot be mistaken for a real account.</summary>
internal static class Account
{
    public const string Id = "123456789012";

    public static ImmutableSortedDictionary<string, PropertyValue> GetCallerIdentity(
        ImmutableSortedDictionary<string, PropertyValue> arguments, string? region)
    {
        var partition = region is null ? "aws" : AwsRegion.Get(region).Partition;
        return PropertyMap.Of(
            ("accountId", new PropertyValue.Text(Id)),
            ("arn", new PropertyValue.Text($"arn:{partition}:iam::{Id}:user/planner")),
            ("id", new PropertyValue.Text(Id)),
            ("userId", new PropertyValue.Text("AIDACKCEVSQ6C2EXAMPLE"))).Entries;
    }

    public static ImmutableSortedDictionary<string, PropertyValue> GetPartition(
        ImmutableSortedDictionary<string, PropertyValue> arguments, string? region)
    {
        var known = AwsRegion.Get(region);
        var reversed = string.Join('.', known.DnsSuffix.Split('.').Reverse());
        return PropertyMap.Of(
            ("dnsSuffix", new PropertyValue.Text(known.DnsSuffix)),
            ("id", new PropertyValue.Text(known.Partition)),
            ("partition", new PropertyValue.Text(known.Partition)),
            ("reverseDnsPrefix", new PropertyValue.Text(reversed))).Entries;
    }

    /// <summary>A new account: it has no roles yet.</summary>
    public static ImmutableSortedDictionary<string, PropertyValue> GetRoles(
        ImmutableSortedDictionary<string, PropertyValue> arguments, string? region) =>
        arguments.SetItem("id", new PropertyValue.Text(Id)).SetItem("arns", PropertyMap.ListOf([])).SetItem("names", PropertyMap.ListOf([]));

    public static ImmutableSortedDictionary<string, PropertyValue> GetRegion(
        ImmutableSortedDictionary<string, PropertyValue> arguments, string? region)
    {
        // The region may also be asked for by its old argument or by the endpoint of EC2.
        var asked = arguments.GetValueOrDefault("name").AsText()
            ?? arguments.GetValueOrDefault("endpoint").AsText()?.Split('.').ElementAtOrDefault(1)
            ?? region;
        var known = AwsRegion.Get(asked);
        return PropertyMap.Of(
            ("description", new PropertyValue.Text(known.Description)),
            ("endpoint", new PropertyValue.Text($"ec2.{known.Code}.{known.DnsSuffix}")),
            ("id", new PropertyValue.Text(known.Code)),
            ("name", new PropertyValue.Text(known.Code)),
            ("region", new PropertyValue.Text(known.Code))).Entries;
    }
}
