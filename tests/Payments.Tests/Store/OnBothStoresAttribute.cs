using System.Reflection;
using HaCluster.Payments.Tests.Peers;
using Xunit.Sdk;

namespace HaCluster.Payments.Tests.Store;

/// <summary>Runs a test once on each store.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnBothStoresAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<StoreKind>().Select(kind => new object[] { kind });
}
