using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace OrleansSessions.AspNetCore.Analyzers.Tests;

/// <summary>Programs that are compiled against this build's libraries, analyzed and fixed. <c>[|...|]</c> marks what is to be reported.</summary>
/// <typeparam name="TAnalyzer">The analyzer.</typeparam>
/// <typeparam name="TFix">The provider of its code fixes.</typeparam>
internal static class Analyzed<TAnalyzer, TFix>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    /// <summary>A web project's own global usings.</summary>
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        """;

    private static readonly string[] Used =
    [
        "System.Private.", "System.Runtime.dll", "System.Linq.dll", "System.Collections.dll", "System.Text.Json.", "Microsoft.AspNetCore.", "Microsoft.Extensions.",
        "OrleansSessions.",
    ];

    /// <summary>Of the libraries that this test itself runs on, those that programs use. With all, the tests need half as much CPU again.</summary>
    private static readonly ImmutableArray<MetadataReference> Libraries =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Used.Any(prefix => Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal)))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Asserts that what is marked is reported, and nothing else.</summary>
    public static async Task ReportsAsync(string program)
    {
        var test = new CSharpCodeFixTest<TAnalyzer, EmptyCodeFixProvider, DefaultVerifier>();
        Prepare(test, program);
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asserts that what is marked is reported, and nothing else; and that no fix is offered.</summary>
    public static Task ReportsWithoutFixAsync(string program) => FixesAsync(program, program);

    /// <summary>Asserts that what is marked is reported, and nothing else; and that the fixes lead to another program.</summary>
    public static async Task FixesAsync(string program, string fixedProgram)
    {
        var test = new CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
        {
            FixedState = { Sources = { fixedProgram, Usings }, MarkupHandling = MarkupMode.Allow },
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInProjectCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck,
        };
        Prepare(test, program);
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static void Prepare(AnalyzerTest<DefaultVerifier> test, string program)
    {
        // All that a program needs is passed as a library.
        test.ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        test.TestState.Sources.Add(program);
        test.TestState.Sources.Add(Usings);
        test.TestState.OutputKind = OutputKind.ConsoleApplication;
        test.TestState.AdditionalReferences.AddRange(Libraries);

        // Each check compiles the program once more. These concern what analyzers have from the framework.
        test.TestBehaviors = TestBehaviors.SkipGeneratedCodeCheck | TestBehaviors.SkipSuppressionCheck;
    }
}
