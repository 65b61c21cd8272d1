namespace HaCluster.Stack.Software;

/// <summary>A Helm chart, pinned.</summary>
/// <param name="Name">Name in the repository; for an OCI registry the whole <c>oci://</c> address.</param>
/// <param name="Version">Version of the chart, not of what it installs.</param>
/// <param name="Repository">Address of the repository; null for an OCI registry.</param>
public sealed record Chart(string Name, string Version, string? Repository);
