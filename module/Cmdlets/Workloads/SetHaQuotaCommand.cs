using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Stacks;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Workloads;

/// <summary>Changes limits of a namespace's quota.</summary>
/// <remarks>
/// <para>Refused when a new limit is below what is used. The stack declares the quota as well: write the change into its file with -Stack, or the next pulumi up resets it. Settings: ha-cluster:quotas for the cluster's own namespaces, ha-cluster:namespaces.NAME.quota for yours. The quota of a site follows from the size of the site, and Kubernetes' own namespaces have no setting.</para>
/// <para>Limits that the stack file does not set follow from its requests: cpuLimit is ten times cpu, memoryLimit four times memory, ephemeralStorageLimit twice ephemeralStorage. Give -CpuLimit, -MemoryLimit and -EphemeralStorageLimit to choose others.</para>
/// </remarks>
/// <example>
/// <para>Raise memory and pods of a namespace.</para>
/// <code>Set-HaQuota -Namespace payments -Memory 48Gi -MemoryLimit 192Gi -Pods 60</code>
/// </example>
/// <example>
/// <para>Preview the same change, written into the stack file as well, so that it stays.</para>
/// <code>Set-HaQuota -Namespace payments -Memory 48Gi -MemoryLimit 192Gi -Pods 60 -Stack prod -WhatIf</code>
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

    /// <summary>Memory that all pods may request together, such as 48Gi.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? Memory { get; set; }

    /// <summary>Memory limit of all pods together.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? MemoryLimit { get; set; }

    /// <summary>Local disk that all pods may request together, such as 40Gi.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? EphemeralStorage { get; set; }

    /// <summary>Local disk limit of all pods together.</summary>
    [Parameter]
    [ValidatePattern(Quantity, Options = RegexOptions.None)]
    public string? EphemeralStorageLimit { get; set; }

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

    /// <summary>Also write the change into the file of this stack, in the current folder or above. Refused for limits that no setting controls.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(StackCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Stack { get; set; }

    protected override async Task ProcessAsync()
    {
        var hard = new Dictionary<string, string>(Tables.TextByName(Hard));
        Add("requests.cpu", Cpu);
        Add("limits.cpu", CpuLimit);
        Add("requests.memory", Memory);
        Add("limits.memory", MemoryLimit);
        Add("requests.ephemeral-storage", EphemeralStorage);
        Add("limits.ephemeral-storage", EphemeralStorageLimit);
        Add("requests.storage", Storage);
        Add("pods", Pods?.ToString(CultureInfo.InvariantCulture));
        Add("persistentvolumeclaims", Volumes?.ToString(CultureInfo.InvariantCulture));
        if (hard.Count == 0)
            throw Errors.InvalidInput($"quota of {Namespace}", "nothing to change is given", "Give -Cpu, -Memory, -Pods or another limit; Get-HaQuota shows the present ones");
        // Before the cluster is changed: a change that no stack file can hold is refused.
        var edit = Stack is null ? null : StackProject.Find(WorkingDirectory ?? ".").PlanQuota(Stack, Namespace, Name, hard);
        var request = new SetQuota(Namespace, Name, hard) { IsInStackFile = edit is not null };
        var isChanged = await OperateAsync(request);
        if (edit is null || edit.After == edit.Before || !(isChanged || IsWhatIf))
            return;
        if (ShouldProcess($"{edit.Path}:\n{edit.Difference}", $"Write this to {edit.Path}?\n{edit.Difference}", "Set-HaQuota"))
        {
            edit.Write();
        }
        else if (isChanged)
        {
            foreach (var warning in request.ResetWarnings)
                WriteWarning(warning);
        }

        void Add(string resource, string? value)
        {
            if (value is not null)
                hard[resource] = value;
        }
    }
}
