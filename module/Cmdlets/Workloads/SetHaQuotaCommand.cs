using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Stacks;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Workloads;

/// <summary>Changes limits of a namespace's quota.</summary>
/// <remarks>
/// <para>Refused when a new limit is below what is used. The stack declares the quota as well: give -Stack to write the change into its file, or the next pulumi up sets it back.</para>
/// </remarks>
/// <example>
/// <para>Raise memory and pods of a namespace.</para>
/// <code>Set-HaQuota -Namespace payments -Memory 48Gi -Pods 60</code>
/// </example>
/// <example>
/// <para>The same, and in the file of the stack, so that it stays.</para>
/// <code>Set-HaQuota -Namespace payments -Memory 48Gi -Stack prod -WhatIf</code>
/// </example>
[Cmdlet(VerbsCommon.Set, "HaQuota", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class SetHaQuotaCommand : OperationCmdlet
{
    private const string Quantity = @"^[0-9]+(\.[0-9]+)?(m|Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?\z";

    /// <summary>The namespace.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string Namespace { get; set; } = null!;

    /// <summary>Name of the ResourceQuota. Default: the only one of the namespace.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>CPU that all pods may request together, such as 8 or 7500m.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? Cpu { get; set; }

    /// <summary>CPU limit of all pods together.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? CpuLimit { get; set; }

    /// <summary>Memory that all pods may request together, and their limit, such as 48Gi.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? Memory { get; set; }

    /// <summary>Local disk of all pods together.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? EphemeralStorage { get; set; }

    /// <summary>Volumes of all claims together.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? Storage { get; set; }

    /// <summary>Number of pods.</summary>
    [Parameter]
    [ValidateRange(0, 100000)]
    public int? Pods { get; set; }

    /// <summary>Number of claims.</summary>
    [Parameter]
    [ValidateRange(0, 100000)]
    public int? Volumes { get; set; }

    /// <summary>Other limits by the resource's name in Kubernetes.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Hard { get; set; }

    /// <summary>Also write the change into the file of this stack, in the current folder or above. Only what has a parameter of its own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(StackCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Stack { get; set; }

    protected override async Task ProcessAsync()
    {
        var hard = new Dictionary<string, string>(Tables.TextByName(Hard));
        var settings = new List<(string Setting, string Value)>();
        Add("cpu", Cpu, "requests.cpu");
        Add("cpuLimit", CpuLimit, "limits.cpu");
        Add("memory", Memory, "requests.memory", "limits.memory");
        Add("ephemeralStorage", EphemeralStorage, "requests.ephemeral-storage", "limits.ephemeral-storage");
        Add("storage", Storage, "requests.storage");
        Add("pods", Pods?.ToString(System.Globalization.CultureInfo.InvariantCulture), "pods");
        Add("volumes", Volumes?.ToString(System.Globalization.CultureInfo.InvariantCulture), "persistentvolumeclaims");
        if (hard.Count == 0)
            throw Errors.InvalidInput($"quota of {Namespace}", "nothing to change is given", "Give -Cpu, -Memory, -Pods or another limit; Get-HaQuota shows those there are");
        await OperateAsync(new SetQuota(Namespace, Name, hard));
        Persist(settings);

        void Add(string setting, string? value, params string[] resources)
        {
            if (value is null)
                return;
            settings.Add((setting, value));
            foreach (var resource in resources)
                hard[resource] = value;
        }
    }

    private void Persist(List<(string Setting, string Value)> settings)
    {
        if (Stack is null)
        {
            if (!IsWhatIf)
            {
                WriteWarning("The stack declares this quota: the next pulumi up sets it back, unless its file says the same: "
                    + string.Join(", ", settings.Select(one => $"ha-cluster:quotas.{Namespace}.{one.Setting}: {one.Value}")));
            }

            return;
        }

        var project = StackProject.Find(WorkingDirectory ?? ".");
        foreach (var (setting, value) in settings)
        {
            var edit = project.PlanSetting(Stack, ["quotas", Namespace, setting], value);
            if (ShouldProcess($"{edit.Path}:\n{edit.Difference}", $"Write this to {edit.Path}?\n{edit.Difference}", "Set-HaQuota"))
                edit.Write();
        }
    }
}
