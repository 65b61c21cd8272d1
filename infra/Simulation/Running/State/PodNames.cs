using System.Globalization;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running.State;

/// <summary>
/// Names as the controllers generate them: ten characters for the template, five at random, of letters that spell no words
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go). Here they follow from seed and number.
/// </summary>
public static class PodNames
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";
    private const int TemplateLetters = 10, PodLetters = 5;

    /// <summary>The hash of a workload's template, as in the names of ReplicaSets: the same for the same workload and revision.</summary>
    public static string HashOf(Workload workload, int revision) =>
        Spell(Mix(string.Create(CultureInfo.InvariantCulture, $"{workload.ObjectKind}/{workload.Id}/{revision}")), TemplateLetters);

    /// <summary>Null for pods that are named after their ordinal, or by those who created them.</summary>
    internal static string? Of(RunState run, WorkloadRun workload, int revision)
    {
        var declared = workload.Workload;
        if (declared.Kind is WorkloadKind.StatefulSet or WorkloadKind.Pod)
            return null;
        var suffix = Spell(Mix(string.Create(CultureInfo.InvariantCulture, $"{run.Options.Seed}/{declared.Id}/{run.NextSequence}")), PodLetters);
        return declared.ObjectKind == "Deployment" ? $"{declared.Name}-{HashOf(declared, revision)}-{suffix}" : $"{declared.Name}-{suffix}";
    }

    private static string Spell(ulong hash, int length)
    {
        Span<char> name = stackalloc char[length];
        foreach (ref var letter in name)
        {
            letter = Letters[(int)(hash % (ulong)Letters.Length)];
            hash /= (ulong)Letters.Length;
        }

        return new string(name);
    }

    /// <summary>FNV-1a, with the finaliser of SplitMix64.</summary>
    private static ulong Mix(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
            hash = (hash ^ letter) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9UL;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebUL;
        return hash ^ (hash >> 31);
    }
}
