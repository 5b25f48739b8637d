using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Compilation of C# blocks, against this build's libraries.</summary>
internal static partial class Snippets
{
    /// <summary>A web project's global usings, and the namespaces that an editor offers for the names of a page.</summary>
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Authentication.Cookies;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.AspNetCore.SignalR;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using Orleans;
        global using Orleans.Hosting;
        global using OrleansSessions.AspNetCore;
        global using OrleansSessions.AspNetCore.OpenIdConnect;
        global using OrleansSessions.AspNetCore.ServiceTokens;
        global using OrleansSessions.Contracts;
        global using OrleansSessions.Grains.Events;
        """;

    /// <summary>What the pages leave to the reader. Blocks of statements are in a class derived from it.</summary>
    private const string Reader = """
        namespace Documentation;

        public abstract class Reader
        {
            protected string[] args = [];
            protected WebApplicationBuilder builder = WebApplication.CreateBuilder();
            protected WebApplication app = WebApplication.Create();
            protected HttpContext HttpContext = new DefaultHttpContext();
            protected HttpRequestMessage request = new();
            protected User user = new("ada");
            protected string sku = "4711";

            protected static string UserIdOf(HttpContext context) => "ada";
            protected static Task PricesOverAWebSocket(HttpContext context) => Task.CompletedTask;
            protected static IResult Transfer() => Results.Ok();
        }

        public sealed record User(string Id);
        public sealed record CartLine(int Sku, int Quantity);
        public sealed class ChatHub : Hub;

        public sealed class ReleaseReservedStock : ISessionEventHandler
        {
            public ValueTask OnCreatedAsync(SessionCreated created, CancellationToken cancellationToken) => ValueTask.CompletedTask;
            public ValueTask OnEndedAsync(SessionEnded ended, CancellationToken cancellationToken) => ValueTask.CompletedTask;
        }
        """;

    /// <summary>A test page's application.</summary>
    private const string Program = "public class Program;";

    private static readonly CSharpParseOptions Language = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    /// <summary>The libraries that this test itself runs on.</summary>
    private static readonly ImmutableArray<MetadataReference> Libraries =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles blocks together and returns the errors, at their places in the pages.</summary>
    public static IEnumerable<string> Errors(IEnumerable<CodeBlock> blocks)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Documentation",
            ((string[])[Usings, Reader, Program, .. blocks.Select(Wrap)]).Select(static text => CSharpSyntaxTree.ParseText(text, Language)),
            Libraries,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return
            from diagnostic in compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            where diagnostic.Severity == DiagnosticSeverity.Error
            let place = diagnostic.Location.GetMappedLineSpan()
            select $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.GetMessage()}";
    }

    /// <summary>Puts statements into a method. A block that declares a type is a file of its own.</summary>
    private static string Wrap(CodeBlock block)
    {
        string text = BlockKinds.Result(block);
        string line = $"#line {block.Line} \"{block.Page}\"";
        if (TypeDeclaration().IsMatch(text))
        {
            return $"{line}\n{text}";
        }

        // The lines of the using directives stay, so that errors have the right place.
        string usings = string.Join('\n', Using().Matches(text).Select(static match => match.Value));
        return $$"""
            {{usings}}
            namespace Documentation;
            public sealed class Block{{block.Line}}Of{{NotAName().Replace(block.Page, "_")}} : Reader
            {
                public async Task FollowAsync()
                {
            {{line}}
            {{Using().Replace(text, "")}}
            #line default
                    await Task.Yield();
                }
            }
            """;
    }

    [GeneratedRegex(@"^using [\w.]+;", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^(public|internal) .*\b(class|record|struct|interface) ", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\W")]
    private static partial Regex NotAName();
}
