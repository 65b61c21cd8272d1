using HaCluster.Stack.Settings.Logging;

namespace HaCluster.Stack.Storage;

/// <summary>How long objects of a bucket can be neither changed nor deleted, from the moment they are written.</summary>
/// <param name="Mode">Who can lift it.</param>
/// <param name="Years">At least one.</param>
public sealed record ObjectLock(ObjectLockMode Mode, int Years);
