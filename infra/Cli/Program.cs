using HaCluster.Cli.Commands;
using HaCluster.Cli.Terminal;

using var interruption = new Interruption();
return await HaCommandLine.RunAsync(args, GlobalOptions.TerminalsFor(args), interruption.Token);
