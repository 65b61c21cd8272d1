using HaCluster.Twin.Kubernetes.Admission;
using HaCluster.Twin.Kubernetes.Validation;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes;

/// <summary>The rules that hold for every write to a store, of clients and of the world's controllers.</summary>
public static class AdmissionPlugins
{
    /// <summary>Adds defaults, limit ranges and quotas, once. Call it before the first object is written; a server that starts calls it too.</summary>
    public static void Install(ObjectStore store)
    {
        if (store.Admissions.OfType<QuotaAdmission>().Any())
            return;
        store.Admissions.Add(new DefaultsAdmission());
        store.Admissions.Add(new LimitRangeAdmission());
        store.Admissions.Add(new QuotaAdmission());
    }
}
