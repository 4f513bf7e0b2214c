package main

import (
	"context"
	"time"

	"shoushan/bot"
	"shoushan/posts"
)

// platformList is the platform's list of free publications in the words of the newsroom.
type platformList struct{ client *bot.Client }

const (
	listAtOnce = 20
	listAtMost = 50 // pages; a thousand publications
)

// ListPublished implements posts.Lister. The list is newest first, so it ends with the first page that reaches since.
func (l platformList) ListPublished(ctx context.Context, since time.Time) ([]posts.Listed, error) {
	var all []posts.Listed
	for page := range listAtMost {
		total, items, err := l.client.Published(ctx, page*listAtOnce, listAtOnce)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if it.Updated.Before(since) {
				return all, nil
			}
			all = append(all, listedOf(it))
		}
		if len(items) < listAtOnce || len(all) >= total {
			break
		}
	}
	return all, nil
}

func listedOf(it bot.Listed) posts.Listed {
	out := posts.Listed{ArticleID: it.ID, At: it.Updated}
	for _, a := range it.Articles {
		out.Articles = append(out.Articles, posts.ListedArticle{Title: a.Title, URL: a.URL, Deleted: a.Deleted})
	}
	return out
}

// platformStatistics is the platform's reading figures in the words of the newsroom.
type platformStatistics struct{ client *bot.Client }

// Readings implements posts.Statistician.
func (s platformStatistics) Readings(ctx context.Context, span posts.Span) ([]posts.Reading, bool, error) {
	list, late, err := s.client.PublishedReadings(ctx, span.From, span.To)
	var out []posts.Reading
	for _, a := range list {
		out = append(out, readingOf(a))
	}
	return out, late, err
}

// readingOf is an article with its latest running totals.
func readingOf(a bot.PublishedReading) posts.Reading {
	r := posts.Reading{
		MsgDataID: a.Article.MsgDataID, Index: a.Article.Index, Title: a.Title, URL: a.URL, PublishedOn: a.PublishedOn, Notified: a.Notified, UpTo: a.PublishedOn,
	}
	for _, d := range a.Days {
		if !d.Day.Before(r.UpTo) {
			r.UpTo, r.Readers, r.Sharers, r.Likes, r.Hearts = d.Day, d.Readers, d.Sharers, d.Likes, d.Hearts
			r.Comments, r.Collections = d.Comments, d.Collections
		}
	}
	return r
}
