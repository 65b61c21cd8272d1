using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Connections;

/// <summary>A connection as it is shown, with the name that <c>-Connection</c> takes.</summary>
internal static class ConnectionView
{
    public static PSObject Of(OpenConnection connection)
    {
        var shown = new PSObject(connection.Session.Info);
        shown.Properties.Add(new PSNoteProperty("Connection", connection.Name));
        shown.Properties.Add(new PSNoteProperty("IsCurrent", string.Equals(connection.Name, OpenConnections.Current, StringComparison.OrdinalIgnoreCase)));
        return shown;
    }
}
