using HaCluster.Help;

if (args is not [var assembly, var documentation, var output])
{
    Console.Error.WriteLine("usage: HaCluster.Help CMDLETS.dll CMDLETS.xml OUTPUT-Help.xml");
    return 2;
}

var cmdlets = CmdletReader.Read(assembly);
var comments = new Comments(documentation);
var problems = cmdlets.SelectMany(cmdlet => Completeness.ProblemsOf(cmdlet, comments)).ToList();
foreach (var problem in problems)
    Console.Error.WriteLine($"{documentation} : error HELP001: {problem}");
if (problems.Count > 0)
    return 1;
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
MamlWriter.Write(output, cmdlets, comments);
return 0;
